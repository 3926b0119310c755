import { byHalves } from "~/server/domain/by-halves";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { noteQuarantined } from "../quarantine/note";

type Step = "plan" | "promote" | "rebuild" | "watch";
type Planned = { schedule: Schedule; plan: readonly PlannedOccurrence[] };

/**
 * Computes something of each schedule. One that it cannot be computed for (its cron or zone cannot be read) is paused,
 * and costs the others nothing.
 */
export async function planEach<T>(
  deps: Deps,
  given: { schedules: readonly Schedule[]; step: Step; plan: (schedule: Schedule) => T },
): Promise<{ schedule: Schedule; plan: T }[]> {
  const planned: { schedule: Schedule; plan: T }[] = [];
  for (const schedule of given.schedules) {
    try {
      planned.push({ schedule, plan: given.plan(schedule) });
    } catch (error) {
      if (!isDataFault(error)) throw error;
      await pauseUnplannable(deps, { schedule, step: given.step, error });
    }
  }
  return planned;
}

/** Results in the order of `rows`; "refused" for those that the hot tier cannot hold, which go to the quarantine. */
export async function promoteEach(
  deps: Deps,
  given: { rows: readonly Planned[]; step: Step },
): Promise<("promoted" | "present" | "fenced" | "refused")[]> {
  const { rows, step } = given;
  const results: ("promoted" | "present" | "fenced" | "refused")[] = rows.map(() => "refused");
  const offenders = await byHalves(rows, async (part, { from }) => {
    const answers = await deps.hot.promote(part);
    answers.forEach((answer, i) => {
      results[from + i] = answer;
    });
  });
  for (const { item, error } of offenders) await pauseUnplannable(deps, { schedule: item.schedule, step, error });
  return results;
}

/**
 * The end of a schedule whose times cannot be computed: it goes to the quarantine as it is, and is paused with the
 * reason as its note, where its page shows it and an edit can mend it. Answers whether it is paused: not where it was
 * changed meanwhile.
 */
export async function pauseUnplannable(
  deps: Deps,
  given: { schedule: Schedule; step: Step; error: unknown },
): Promise<boolean> {
  const { schedule, step, error } = given;
  const bytes = JSON.stringify(schedule);
  const shard = null;
  await noteQuarantined(deps, { step, kind: "schedule", shard, key: schedule.scheduleId, error, bytes });
  const nowMs = deps.clock.now();
  try {
    const { status } = await deps.hot.put({
      schedule: {
        ...schedule,
        enabled: false,
        pauseNote: `Its times cannot be computed: ${reasonOf(error)}`,
        pausedBy: "system",
        pausedAt: nowMs,
        pausedUntil: null,
        updatedAt: nowMs,
        version: schedule.version + 1,
        state: { ...schedule.state, revision: schedule.state.revision + 1, tier: "clickhouse", nextExecution: null },
      },
      placement: { tier: "clickhouse", nextExecution: null },
      expectedVersion: schedule.version,
    });
    return status === "stored";
  } catch (fault) {
    // Its row cannot even be written: the quarantine has it, and it stays where it is.
    if (!isDataFault(fault)) throw fault;
    return false;
  }
}
