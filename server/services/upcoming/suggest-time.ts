import { quietestTime, type TimeSlot } from "~/server/domain/load/slot";
import type { TimeSuggestion } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { SuggestTimeInput } from "./inputs";
import { minuteLoad } from "./minute-load";

const MINUTE_MS = 60_000;

/** Suggests the least loaded minute near the time of a one-time schedule. Null if the time has passed. */
export async function suggestTime(call: { ctx: Ctx; input: SuggestTimeInput }): Promise<TimeSuggestion | null> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const nowMs = deps.clock.now();
  const { executionTime: wantedMs, within } = input;
  if (wantedMs <= nowMs) return null;
  const minuteMs = Math.floor(wantedMs / MINUTE_MS) * MINUTE_MS;
  const span = { fromMs: minuteMs - within * MINUTE_MS, toMs: minuteMs + (within + 1) * MINUTE_MS };
  const minutes = await minuteLoad(deps, span, { exceptId: input.scheduleId });
  const { wanted, best } = quietestTime({
    ...{ wantedMs, maxMinutes: within, nowMs },
    firingsAt: (ms) => Math.round(minutes[(ms - span.fromMs) / MINUTE_MS] ?? 0),
  });
  return { wanted: viewOf(wanted), best: viewOf(best) };
}

const viewOf = ({ atMs, firings }: TimeSlot) => ({ at: iso(atMs), firings });
