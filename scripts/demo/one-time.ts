import { sourceScheduleId } from "~/server/domain/ids";
import { newSchedule } from "~/server/domain/new-schedule";
import type { Schedule } from "~/server/domain/schedule";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `inMs` is the time from the demo's start to the firing. It is negative if the event has fired. */
const EVENTS: readonly [inMs: number, topic: string, entityType: string, entityId: string, action: string][] = [
  [-11 * DAY - 3 * HOUR, "billing.events", "subscription", "84121", "renew"],
  [-8 * DAY - 20 * MINUTE, "crm.events", "trial", "5120", "end"],
  [-5 * DAY + 7 * HOUR, "support.events", "ticket", "19442", "follow_up"],
  [-2 * DAY - 4 * HOUR, "billing.events", "subscription", "84188", "renew"],
  [-9 * HOUR, "crm.events", "cart", "c-77120", "remind"],
  [-35 * MINUTE, "mobile.events", "flash_sale", "autumn", "start"],
  [12 * MINUTE, "crm.events", "cart", "c-77355", "remind"],
  [48 * MINUTE, "crm.events", "cart", "c-77361", "remind"],
  [3 * HOUR + 25 * MINUTE, "mobile.events", "flash_sale", "autumn", "end"],
  [9 * HOUR, "support.events", "ticket", "19610", "follow_up"],
  [22 * HOUR, "billing.events", "subscription", "84203", "renew"],
  [2 * DAY + 6 * HOUR, "crm.events", "trial", "5188", "end"],
  [5 * DAY, "billing.events", "subscription", "84307", "renew"],
  [12 * DAY + 8 * HOUR, "billing.events", "tariff", "t-2027", "announce"],
  [61 * DAY, "billing.events", "subscription", "83044", "renew"],
];

/** The demo's one-time schedules. `firedMs` is null if the schedule has not fired yet. */
export function oneTimeDemos(nowMs: number): { schedule: Schedule; firedMs: number | null }[] {
  const minuteMs = Math.floor(nowMs / MINUTE) * MINUTE;
  return EVENTS.map(([inMs, topic, entityType, entityId, action], index) => {
    const atMs = minuteMs + inMs;
    const hasFired = inMs < 0;
    const isDelayedMessage = index % 3 === 0;
    const schedule = newSchedule({
      scheduleId: sourceScheduleId("demo", `${entityType}/${entityId}/${action}`),
      nowMs: Math.min(atMs, nowMs) - 2 * DAY,
      topic,
      entityType,
      entityId,
      action,
      payload: JSON.stringify({ [`${entityType}Id`]: entityId }),
      executionTime: atMs,
      source: isDelayedMessage ? "kafka_delayed" : "api_request",
      createdBy: isDelayedMessage ? "delayed topic" : "shop-backend",
      state: { completed: hasFired, nextExecution: hasFired ? null : atMs },
    });
    return { schedule, firedMs: hasFired ? atMs : null };
  });
}
