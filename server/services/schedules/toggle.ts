import { AppError, fieldError } from "~/server/domain/errors";
import type { Execution } from "~/server/domain/execution";
import { isRecurring } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { overdueExecutions } from "../firing/ledger";
import { currentSchedule } from "./current";
import type { ToggleScheduleInput } from "./inputs";
import { notePauseEnd } from "./pause-ends";
import { place } from "./place";
import { putEdit } from "./put-edit";
import { settleMissed } from "./settle-missed";
import { scheduleView } from "./view";

/** Pauses or resumes; without `enabled` it flips. A pause keeps its note, its actor and, if given, its end. A resume decides the missed. */
export async function toggleSchedule(call: { ctx: Ctx; input: ToggleScheduleInput }): Promise<ScheduleView> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "write");
  const { deps } = ctx;
  const current = await currentSchedule(deps, input.scheduleId);
  const nowMs = deps.clock.now();
  const enabled = input.enabled ?? !current.enabled;
  const actor = principal.email ?? principal.name;
  if (enabled === current.enabled && enabled) return scheduleView(current);
  if (current.state.completed)
    throw new AppError("conflict", "The schedule is completed; it has nothing left to pause or resume.");
  const next: Schedule = {
    ...current,
    enabled,
    pauseNote: enabled ? null : (input.note ?? null),
    pausedBy: enabled ? null : actor,
    // A second pause, for another note or end, does not forget what was missed before it.
    pausedAt: enabled ? null : (current.pausedAt ?? nowMs),
    pausedUntil: enabled ? null : untilMs(input.until, nowMs),
    updatedAt: nowMs,
    version: current.version + 1,
    state: { ...current.state, revision: current.state.revision + 1 },
  };
  const stored = enabled
    ? await resume(ctx, { current, next, nowMs, missed: input.missed, actor })
    : await putEdit(deps, {
        ...place({ schedule: next, afterMs: nowMs, nowMs, settings: deps.settings.current() }),
        expectedVersion: current.version,
        executions: isRecurring(current)
          ? overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason: "paused", actor })
          : [],
      });
  if (stored.pausedUntil !== null) await notePauseEnd(deps, stored);
  await recordAudit(ctx, {
    action: enabled ? "schedule.resume" : "schedule.pause",
    target: current.scheduleId,
    note: input.note ?? null,
    after: { until: input.until ?? null, missed: input.missed ?? null },
  });
  return scheduleView(stored);
}

async function resume(
  ctx: Ctx,
  given: { current: Schedule; next: Schedule; nowMs: number; missed: ToggleScheduleInput["missed"]; actor: string },
): Promise<Schedule> {
  const { deps } = ctx;
  const { current, next, nowMs } = given;
  const decided = settleMissed({ schedule: current, nowMs, missed: given.missed, actor: given.actor });
  const last = await settleEarlier(deps, current, decided.executions);
  const placed = place({ schedule: next, afterMs: decided.afterMs, nowMs, settings: deps.settings.current() });
  return putEdit(deps, {
    ...placed,
    expectedVersion: current.version,
    executions: last,
    instances: decided.instances,
  });
}

/** Ledger rows of one Lua call. */
const CHUNK = 5000;

/**
 * Rows beyond one call's worth are written before the resume, oldest first, each time with the moment from which on it still misses: whoever
 * finds it half done goes on there. Answers the rows that are left for the resume itself.
 */
async function settleEarlier(deps: Deps, current: Schedule, rows: readonly Execution[]): Promise<readonly Execution[]> {
  let { revision } = current.state;
  let from = 0;
  for (; rows.length - from > CHUNK; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK);
    revision += 1;
    await putEdit(deps, {
      schedule: { ...current, pausedAt: chunk.at(-1)?.scheduledFor ?? null, state: { ...current.state, revision } },
      placement: { tier: "clickhouse", nextExecution: null },
      expectedVersion: current.version,
      executions: chunk,
    });
  }
  return rows.slice(from);
}

function untilMs(until: string | undefined, nowMs: number): number | null {
  if (until === undefined) return null;
  const ms = Date.parse(until);
  if (ms <= nowMs) {
    throw fieldError("validation_failed", {
      field: "until",
      message: "is not after now",
      expected: "a time in the future",
    });
  }
  return ms;
}
