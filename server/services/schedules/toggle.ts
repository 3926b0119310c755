import { pauseChange, resumeChange } from "~/server/domain/changes/changes";
import { AppError, fieldError } from "~/server/domain/errors";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx } from "../ctx";
import { KEEP_MS, keyedRequest, once } from "../idempotency";
import { afterChange } from "../in-doubt";
import { currentSchedule } from "./current";
import { withoutEarlier } from "./earlier-rows";
import type { ToggleScheduleInput } from "./inputs";
import { notePauseEnd } from "./pause-ends";
import { putEdit } from "./put-edit";
import { retryOvertaken } from "./retry-overtaken";
import { isoOrNull, scheduleView } from "./view";

/**
 * Pauses or resumes; without `enabled` it flips. A pause keeps its note, its actor and, if given, its end. A resume
 * decides the missed. Under an idempotency key it does so once. Throws `not_found`, `conflict`, `version_stale`,
 * `may_have_been_kept`, and the codes of a bad key.
 */
export async function toggleSchedule(call: { ctx: Ctx; input: ToggleScheduleInput }): Promise<ScheduleView> {
  const { ctx } = call;
  requireRight(ctx, "write");
  const { idempotencyKey: key, ...request } = call.input;
  const keyed = keyedRequest({ ctx, call: `schedule.toggle:${request.scheduleId}`, key, request });
  return once({ ctx, keyed }, (seed) => retryOvertaken(undefined, () => toggle(ctx, request, seed)));
}

async function toggle(ctx: Ctx, input: ToggleScheduleInput, seed: string | null): Promise<ScheduleView> {
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
  // Whoever takes over from a request that died behind the change must not flip it back.
  const answer = seed === null ? undefined : { name: seed, value: "done", ttlMs: KEEP_MS };
  const stored = enabled
    ? await putEdit(deps, {
        ...(await withoutEarlier(deps, current, resumeChange({ ...given, missed: input.missed }))),
        answer,
      })
    : await putEdit(deps, {
        ...pauseChange({ ...given, note: input.note ?? null, untilMs: untilMs(input.until, nowMs) }),
        answer,
      });
  if (stored.pausedUntil !== null) await afterChange("The change", notePauseEnd(deps, stored));
  await recordAudit(ctx, {
    action: enabled ? "schedule.resume" : "schedule.pause",
    target: current.scheduleId,
    note: input.note ?? null,
    after: { until: isoOrNull(input.until ?? null), missed: input.missed ?? null },
  });
  return scheduleView(stored);
}

/** The end of a pause in epoch ms, or null; throws `validation_failed` for one that is over. */
export function untilMs(until: number | undefined, nowMs: number): number | null {
  if (until === undefined) return null;
  if (until <= nowMs) {
    throw fieldError("validation_failed", {
      field: "until",
      message: "is not after now",
      expected: "a time in the future",
    });
  }
  return until;
}
