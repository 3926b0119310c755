import { ownershipOf } from "~/server/domain/as-code/ownership";
import { headersView } from "~/server/domain/message-headers";
import { isRecurring } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import { scheduleStatus } from "~/server/domain/schedule";
import type { ScheduleContent, ScheduleListItem, ScheduleView } from "~/server/domain/views";
import type { Deps } from "../ctx";
import { MASKED, type Reveal, shownContent } from "../protection/content";
import { cadenceOf } from "./build";

/** The last time that Date can represent, epoch ms. Its negative is the first. */
const LAST_MS = 8.64e15;

/**
 * Converts epoch ms to ISO text. A time outside the range of Date is clamped, and NaN gives 1970, so that one row with
 * a bad time does not fail its page.
 */
export function iso(ms: number): string {
  return new Date(Math.min(LAST_MS, Math.max(-LAST_MS, ms)) || 0).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

/**
 * Returns a payload unchanged if it is valid JSON, otherwise as a JSON string. An empty payload, which a row without
 * content has, gives `null`.
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

/** Converts a schedule to the form that callers see, with masks unless its values are revealed. */
export async function scheduleView(
  deps: Pick<Deps, "protection" | "env">,
  schedule: Schedule,
  how: Reveal = MASKED,
): Promise<ScheduleView> {
  return { ...scheduleFields(schedule), ...(await contentView(deps, schedule, how)) };
}

/** The content of a schedule or an execution, with masks unless its values are revealed. */
export async function contentView(
  deps: Pick<Deps, "protection" | "env">,
  content: Pick<Schedule, "topic" | "payload" | "headers">,
  how: Reveal = MASKED,
): Promise<ScheduleContent> {
  const { payload, headers, masked } = await shownContent(deps, content, how);
  return { payload: payloadJson(payload), ...headersView(headers), masked };
}

/** The fields of a schedule besides its content. */
export function scheduleFields(schedule: Schedule): Omit<ScheduleView, keyof ScheduleContent> {
  const { state, payload: _p, headers: _h, rawValue: _r, ...definition } = schedule;
  return {
    ...definition,
    status: scheduleStatus(schedule),
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
    runsTaken: isRecurring(schedule) && schedule.maxRuns !== null ? state.runsTaken : null,
    managedBy: ownershipOf(schedule),
  };
}

/** Omits payload and headers, and adds the cadence in words and the recent runs. */
export function scheduleListItem(schedule: Schedule, recent: ScheduleListItem["recent"]): ScheduleListItem {
  return { ...scheduleFields(schedule), cadence: cadenceOf(schedule), recent };
}
