import { AppError, fieldError } from "~/server/domain/errors";
import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { pausePut, resumePut } from "./changes";
import { currentSchedule } from "./current";
import type { ToggleScheduleInput } from "./inputs";
import { notePauseEnd } from "./pause-ends";
import { putEdit } from "./put-edit";
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
  const given = { current, nowMs, actor, settings: deps.settings.current() };
  const stored = enabled
    ? await resume(deps, current, resumePut({ ...given, missed: input.missed }))
    : await putEdit(deps, pausePut({ ...given, note: input.note ?? null, untilMs: untilMs(input.until, nowMs) }));
  if (stored.pausedUntil !== null) await notePauseEnd(deps, stored);
  await recordAudit(ctx, {
    action: enabled ? "schedule.resume" : "schedule.pause",
    target: current.scheduleId,
    note: input.note ?? null,
    after: { until: input.until ?? null, missed: input.missed ?? null },
  });
  return scheduleView(stored);
}

async function resume(deps: Deps, current: Schedule, put: ReturnType<typeof resumePut>): Promise<Schedule> {
  return putEdit(deps, { ...put, executions: await settleEarlier(deps, current, put.executions) });
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

/** The end of a pause in epoch ms; throws `validation_failed` for one that is over. */
export function untilMs(until: string | undefined, nowMs: number): number | null {
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
