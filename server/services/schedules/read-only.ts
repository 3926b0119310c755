import { fieldError } from "~/server/domain/errors";
import type { ScheduleInput } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";

type ReadOnly = Exclude<keyof ScheduleView, keyof ScheduleInput> | "durable";

/** What an answer has beside the definition. A new field of the view without a line here fails the build. */
const READ_ONLY = {
  scheduleId: true,
  source: true,
  sourceId: true,
  status: true,
  tier: true,
  version: true,
  headerList: true,
  plannedSince: true,
  pauseNote: true,
  pausedBy: true,
  pausedAt: true,
  pausedUntil: true,
  nextExecution: true,
  lastExecution: true,
  lastStatus: true,
  lastError: true,
  executionCount: true,
  errorCount: true,
  createdBy: true,
  createdAt: true,
  updatedAt: true,
  durable: true,
} as const satisfies Record<ReadOnly, true>;

/**
 * A definition as PUT takes it: what GET answered may be sent back whole. Fields that are not the caller's to set are
 * left out, whatever they say, since firing changes them between a GET and the PUT. Another schedule's id is a mistake,
 * and an error.
 */
export function withoutReadOnly(body: Record<string, unknown>, scheduleId: unknown): Record<string, unknown> {
  const given = body.scheduleId;
  if (given !== undefined && String(given).toLowerCase() !== String(scheduleId).toLowerCase()) {
    throw fieldError("validation_failed", {
      field: "schedule_id",
      message: "is not that of the address",
      expected: String(scheduleId),
    });
  }
  return Object.fromEntries(Object.entries(body).filter(([name]) => !Object.hasOwn(READ_ONLY, name)));
}
