import { auditName } from "~/server/domain/audit/audit-name";
import { pauseChange, resumeChange } from "~/server/domain/changes/changes";
import { AppError, fieldError } from "~/server/domain/errors";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { auditDocument } from "../audit";
import type { Ctx } from "../ctx";
import { doneAnswer, keyedRequest, once } from "../idempotency";
import { awaitFollowUp } from "../in-doubt";
import { withoutSealed } from "../protection/content";
import { currentSchedule } from "./current";
import { writeExcessLedgerRows } from "./excess-ledger-rows";
import type { ToggleScheduleInput } from "./inputs";
import { storePauseEnd } from "./pause-ends";
import { putEdit } from "./put-edit";
import { retryLostRace } from "./retry-lost-race";
import { isoOrNull, scheduleView } from "./view";

/**
 * Pauses or resumes a schedule, or switches between both without `enabled`. A resume applies `missed`, or else the
 * catch-up policy, to the missed occurrences. Throws `not_found`, `validation_failed` for an end that is not in the
 * future, `conflict`, `version_stale`, `may_have_been_kept`, and the codes of an idempotency key that was reused or is
 * in progress.
 */
export async function toggleSchedule(call: {
  ctx: Ctx;
  input: ToggleScheduleInput;
  /** Who set the end of the pause, if the pause ends by its time. */
  onBehalfOf?: string | null;
}): Promise<ScheduleView> {
  const { ctx } = call;
  requireRight(ctx, "schedules:toggle");
  const { idempotencyKey: key, ...request } = call.input;
  const keyed = keyedRequest({ ctx, call: `schedule.toggle:${request.scheduleId}`, key, request });
  return once({ ctx, keyed }, async (seed) => {
    const view = await retryLostRace(undefined, () => toggle({ ...call, input: request, seed }));
    return keyed === null ? view : withoutSealed(ctx.deps, view);
  });
}

async function toggle(call: {
  ctx: Ctx;
  input: ToggleScheduleInput;
  seed: string | null;
  onBehalfOf?: string | null;
}): Promise<ScheduleView> {
  const { ctx, input, seed, onBehalfOf } = call;
  const principal = requireRight(ctx, "schedules:toggle");
  const { deps } = ctx;
  const current = await currentSchedule(deps, input.scheduleId);
  const nowMs = deps.clock.now();
  const enabled = input.enabled ?? !current.enabled;
  const actor = principal.email ?? principal.name;
  if (enabled && current.enabled) return scheduleView(deps, current);
  if (current.state.completed)
    throw new AppError("conflict", "The schedule is completed, so it cannot be paused or resumed.");
  const base = { current, nowMs, actor, settings: deps.settings.current() };
  const entry = auditDocument(ctx, {
    action: enabled ? "schedule.resume" : "schedule.pause",
    target: current.scheduleId,
    targetName: auditName(current),
    note: input.note ?? null,
    before: { enabled: current.enabled, version: current.version },
    after: {
      ...{ enabled, until: isoOrNull(input.until ?? null), missed: input.missed ?? null },
      version: current.version + 1,
    },
    onBehalfOf,
  });
  const change = enabled
    ? await writeExcessLedgerRows(deps, current, resumeChange({ ...base, missed: input.missed }))
    : pauseChange({ ...base, note: input.note ?? null, untilMs: pauseEndMs(input.until, nowMs) });
  const stored = await putEdit(deps, { ...change, documents: [entry], answer: doneAnswer(seed) });
  if (stored.pausedUntil !== null) await awaitFollowUp("The change", storePauseEnd(deps, stored));
  return scheduleView(deps, stored);
}

/** Returns the end of a pause in epoch ms, or null. Throws `validation_failed` if it is not in the future. */
export function pauseEndMs(until: number | undefined, nowMs: number): number | null {
  if (until === undefined) return null;
  if (until <= nowMs) {
    throw fieldError("validation_failed", {
      field: "until",
      message: "is not in the future",
      expected: "a time in the future",
    });
  }
  return until;
}
