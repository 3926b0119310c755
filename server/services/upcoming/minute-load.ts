import { LoadTally } from "~/server/domain/load/tally";
import type { LoadFilter, LoadSpan } from "~/server/ports/store/load";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import type { Deps } from "../ctx";
import { groupsIn } from "./groups";

/**
 * Returns the expected firings of each minute of the span, without those of the schedule `exceptId`. The store leaves
 * the schedule out: a cached group may have the schedule's times from before its last edit.
 */
export async function minuteLoad(
  deps: Deps,
  span: LoadSpan,
  { exceptId }: Pick<LoadFilter, "exceptId">,
): Promise<Float64Array> {
  const filter = { exceptId };
  const [{ enabled: recurring }, once] = await Promise.all([
    groupsIn(deps, { ...span, filter }),
    deps.store.shared.oneTimeLoad({ ...span, filter, originMs: span.fromMs, bucketSeconds: 3600 }),
  ]);
  const tally = new LoadTally(span, [span.fromMs]);
  const yieldIfDue = createYielder();
  for (const group of recurring.groups) {
    tally.add({ ...group, topics: [], tags: [] });
    const turn = yieldIfDue();
    if (turn) await turn;
  }
  for (const { atMs, schedules } of once.minutes) tally.addFirings(atMs, schedules);
  return tally.minutes;
}
