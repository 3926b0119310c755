import { nextOccurrence } from "../recurrence";
import type { Cadence } from "./expected";

/** A time, and the indexes of the groups that fire at this time. */
export interface Firing {
  atMs: number;
  groups: number[];
}

/** The times at which any of the groups fires by its nominal time, `afterMs < atMs < toMs`, in order. */
export function* nextFirings(groups: readonly Cadence[], range: { afterMs: number; toMs: number }): Generator<Firing> {
  const heap = new NextHeap();
  groups.forEach(({ spec }, group) => {
    const next = nextOccurrence(spec, range.afterMs);
    if (next !== null && next.nominalMs < range.toMs) heap.push({ atMs: next.nominalMs, group });
  });
  for (let first = heap.pop(); first !== null; first = heap.pop()) {
    const firing: Firing = { atMs: first.atMs, groups: [first.group] };
    while (heap.peek()?.atMs === first.atMs) firing.groups.push((heap.pop() as Next).group);
    yield firing;
    for (const group of firing.groups) {
      const { spec } = groups[group] as Cadence;
      const next = nextOccurrence(spec, first.atMs);
      if (next !== null && next.nominalMs < range.toMs) heap.push({ atMs: next.nominalMs, group });
    }
  }
}

interface Next {
  atMs: number;
  group: number;
}

/** A binary heap, the soonest first. */
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
