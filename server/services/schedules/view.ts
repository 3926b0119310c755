import { headersView } from "~/server/domain/message-headers";
import type { Schedule } from "~/server/domain/schedule";
import { scheduleStatus } from "~/server/domain/schedule";
import type { ScheduleListItem, ScheduleView } from "~/server/domain/views";
import { cadenceOf } from "./build";

/** The last time that Date can represent, epoch ms; its negative is the first. */
const LAST_MS = 8.64e15;

/**
 * Converts epoch ms to ISO text. Clamps to the range of Date, and shows NaN as 1970, so that one row with a bad time
 * does not fail its page.
 */
export function iso(ms: number): string {
  return new Date(Math.min(LAST_MS, Math.max(-LAST_MS, ms)) || 0).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/**
 * Returns a payload as JSON: unchanged if it is valid JSON, otherwise as a JSON string. An empty payload, which old
 * rows may have, is null.
 */
export function payloadJson(text: string): string {
  if (text === "") return "null";
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** Converts a schedule to the form that callers see. */
export function scheduleView(schedule: Schedule): ScheduleView {
  const { state, payload, rawValue: _, ...definition } = schedule;
  return {
    ...definition,
    ...headersView(schedule.headers),
    status: scheduleStatus(schedule),
    payload: payloadJson(payload),
    executionTime: isoOrNull(schedule.executionTime),
    startAt: isoOrNull(schedule.startAt),
    endAt: isoOrNull(schedule.endAt),
    pausedAt: isoOrNull(schedule.pausedAt),
    pausedUntil: isoOrNull(schedule.pausedUntil),
    createdAt: iso(schedule.createdAt),
    updatedAt: iso(schedule.updatedAt),
    tier: state.tier,
    nextExecution: isoOrNull(state.nextExecution),
    lastExecution: isoOrNull(state.lastExecution),
    lastStatus: state.lastStatus,
    lastError: state.lastError,
    executionCount: state.executionCount,
    errorCount: state.errorCount,
  };
}

/** A list item: without payload and headers, but with the cadence in words and the recent runs. */
export function scheduleListItem(schedule: Schedule, recent: ScheduleListItem["recent"]): ScheduleListItem {
  const { payload: _payload, headers: _headers, headerList: _list, ...view } = scheduleView(schedule);
  return { ...view, cadence: cadenceOf(schedule), recent };
}
