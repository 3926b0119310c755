import { fieldError } from "~/server/domain/errors";
import { comparedTimes, fixedMinute, quietestSlot, withMinute } from "~/server/domain/load/slot";
import { validateCron } from "~/server/domain/recurrence";
import type { SlotSuggestion } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { SuggestSlotInput } from "./inputs";
import { minuteLoad } from "./minute-load";

const MINUTE_MS = 60_000;
/** Maximum number of occurrences to compare. An hourly cron has as many in a day. */
const MAX_COMPARED = 24;

/**
 * Suggests the least loaded minute near a cron's minute, over the cron's next occurrences. Null if the cron's minute is
 * not a single number. Throws a code of `validateCron`, also for a cron that never fires.
 */
export async function suggestSlot(call: { ctx: Ctx; input: SuggestSlotInput }): Promise<SlotSuggestion | null> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const nowMs = deps.clock.now();
  const { cronExpression, within } = input;
  const timezone = input.timezone ?? deps.settings.current().timezone;
  const verdict = validateCron({ expression: cronExpression, timezone, now: nowMs });
  if (!verdict.ok) throw fieldError(verdict.code, verdict);
  const wanted = fixedMinute(cronExpression);
  if (wanted === null) return null;
  const spec = { cronExpression, timezone, dstGap: "first_valid", dstOverlap: "first" } as const;
  const times = comparedTimes(spec, { nowMs, limit: MAX_COMPARED });
  const [first, last] = [times[0], times.at(-1)];
  // `validateCron` has found an occurrence.
  if (first === undefined || last === undefined) return null;
  const span = { fromMs: first - within * MINUTE_MS, toMs: last + (within + 1) * MINUTE_MS };
  const minutes = await minuteLoad(deps, span, { exceptId: input.scheduleId });
  const { wanted: wantedSlot, best } = quietestSlot({
    ...{ wanted, maxMinutes: within, times },
    firingsAt: (minuteMs) => minutes[(minuteMs - span.fromMs) / MINUTE_MS] ?? 0,
  });
  return {
    wanted: rounded(wantedSlot),
    best: rounded(best),
    cronExpression: best.minute === wanted ? null : withMinute(cronExpression, best.minute),
    compared: times.length,
    from: iso(first),
  };
}

const rounded = ({ minute, firings }: { minute: number; firings: number }) => ({
  minute,
  firings: Math.round(firings),
});
