import { nextOccurrence, type RecurrenceSpec } from "../recurrence";
import type { Cadence } from "./expected";

/** A time, and the indexes of the groups that fire at this time. */
export interface Firing {
  atMs: number;
  groups: number[];
}

/** The first nominal time of a spec after `afterMs`; null for none. */
type FirstTime = (spec: RecurrenceSpec, afterMs: number) => number | null;

const firstTime: FirstTime = (spec, afterMs) => nextOccurrence(spec, afterMs)?.nominalMs ?? null;

/** Returns `firstTime` with a cache of the last answer for each spec. */
export function rememberFirstTimes(): FirstTime {
  const known = new WeakMap<RecurrenceSpec, { afterMs: number; firstMs: number | null }>();
  return (spec, afterMs) => {
    const last = known.get(spec);
    if (last && last.afterMs <= afterMs && (last.firstMs === null || afterMs < last.firstMs)) return last.firstMs;
    const firstMs = firstTime(spec, afterMs);
    known.set(spec, { afterMs, firstMs });
    return firstMs;
  };
}

/**
 * The nominal times at which any of the groups fires, `afterMs < atMs < toMs`, in order. `first` finds the first time
 * of each group.
 */
export function* nextFirings(
  groups: readonly Cadence[],
  range: { afterMs: number; toMs: number },
  first: FirstTime = firstTime,
): Generator<Firing> {
  const heap = new NextHeap();
  groups.forEach(({ spec }, group) => {
    const atMs = first(spec, range.afterMs);
    if (atMs !== null && atMs < range.toMs) heap.push({ atMs, group });
  });
  for (let soonest = heap.pop(); soonest !== null; soonest = heap.pop()) {
    const firing: Firing = { atMs: soonest.atMs, groups: [soonest.group] };
    while (heap.peek()?.atMs === soonest.atMs) firing.groups.push((heap.pop() as Next).group);
    yield firing;
    for (const group of firing.groups) {
      const { spec } = groups[group] as Cadence;
      const next = nextOccurrence(spec, soonest.atMs);
      if (next !== null && next.nominalMs < range.toMs) heap.push({ atMs: next.nominalMs, group });
    }
  }
}

interface Next {
  atMs: number;
  group: number;
}

/** A binary heap, soonest first. */
class NextHeap {
  private readonly items: Next[] = [];

  peek(): Next | undefined {
    return this.items[0];
  }

  push(item: Next): void {
    const { items } = this;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent] as Next;
      if (above.atMs <= item.atMs) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  pop(): Next | null {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return null;
    if (items.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] as Next).atMs < (items[child] as Next).atMs) child += 1;
      const below = items[child] as Next;
      if (below.atMs >= last.atMs) break;
      items[index] = below;
      index = child;
    }
    items[index] = last;
    return first;
  }
}
