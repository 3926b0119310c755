import { auditName } from "~/server/domain/audit/audit-name";
import { byHalves } from "~/server/domain/by-halves";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import { auditDocument } from "../audit";
import type { Deps } from "../ctx";
import { SYSTEM_PRINCIPAL } from "../principal";
import { quarantineItem } from "../quarantine/quarantine-item";

type Step = "plan" | "promote" | "rebuild" | "watch";
type Planned = { schedule: Schedule; plan: readonly PlannedOccurrence[] };

/** Computes the plan of each schedule. Omits, quarantines and pauses a schedule whose times cannot be computed. */
export async function planEach<T>(
  deps: Deps,
  input: { schedules: readonly Schedule[]; step: Step; plan: (schedule: Schedule) => T },
): Promise<{ schedule: Schedule; plan: T }[]> {
  const planned: { schedule: Schedule; plan: T }[] = [];
  for (const schedule of input.schedules) {
    try {
      planned.push({ schedule, plan: input.plan(schedule) });
    } catch (error) {
      if (!isDataFault(error)) throw error;
      await pauseUnplannable(deps, { schedule, step: input.step, error });
    }
  }
  return planned;
}

/**
 * Promotes schedules. Returns results in the order of `rows`. A schedule that cannot be encoded is "refused",
 * quarantined and, if possible, paused.
 */
export async function promoteEach(
  deps: Deps,
  input: { rows: readonly Planned[]; step: Step },
): Promise<("promoted" | "present" | "fenced" | "refused")[]> {
  const { rows, step } = input;
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
 * Quarantines a schedule whose times cannot be computed or that cannot be encoded, and pauses it with the reason as its
 * note. Returns false if it could not be paused, because it was changed meanwhile or its row cannot be encoded.
 */
export async function pauseUnplannable(
  deps: Deps,
  input: { schedule: Schedule; step: Step; error: unknown },
): Promise<boolean> {
  const { schedule, step, error } = input;
  const bytes = JSON.stringify(schedule);
  const shard = null;
  await quarantineItem(deps, { step, kind: "schedule", shard, key: schedule.scheduleId, error, bytes });
  const nowMs = deps.clock.now();
  const pauseNote = `The schedule cannot be planned: ${reasonOf(error)}`;
  const ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: step };
  const entry = auditDocument(ctx, {
    action: "schedule.pause",
    target: schedule.scheduleId,
    targetName: auditName(schedule),
    note: pauseNote,
    before: { enabled: schedule.enabled, version: schedule.version },
    after: { enabled: false, until: null, missed: null, version: schedule.version + 1 },
  });
  try {
    const { status } = await deps.hot.put({
      schedule: {
        ...schedule,
        enabled: false,
        pauseNote,
        pausedBy: "system",
        pausedAt: nowMs,
        pausedUntil: null,
        updatedAt: nowMs,
        version: schedule.version + 1,
        state: { ...schedule.state, revision: schedule.state.revision + 1, tier: "clickhouse", nextExecution: null },
      },
      placement: { tier: "clickhouse", nextExecution: null },
      expectedVersion: schedule.version,
      documents: [entry],
    });
    return status === "stored";
  } catch (fault) {
    if (!isDataFault(fault)) throw fault;
    return false;
  }
}
