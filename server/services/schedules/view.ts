import { headersView } from "~/server/domain/message-headers";
import type { Schedule } from "~/server/domain/schedule";
import { scheduleStatus } from "~/server/domain/schedule";
import type { ScheduleRow, ScheduleView } from "~/server/domain/views";
import { cadenceOf } from "./build";

const LAST_MS = 8.64e15;

/** Epoch ms to ISO text; beyond what a date can be, the nearest that it can: a single row must not cost its page. */
export function iso(ms: number): string {
  return new Date(Math.min(LAST_MS, Math.max(-LAST_MS, ms)) || 0).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/**
 * A payload as JSON text: as it is kept or, where that is no JSON, as a string of it. Empty, as an older row may be, it
 * is null.
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

/** A schedule as callers see it. */
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

/** A list's row: without payload and headers, with the cadence in words and the last runs. */
export function scheduleRow(schedule: Schedule, recent: ScheduleRow["recent"]): ScheduleRow {
  const { payload: _payload, headers: _headers, headerList: _list, ...view } = scheduleView(schedule);
  return { ...view, cadence: cadenceOf(schedule), recent };
}
