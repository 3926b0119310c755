import { fieldError } from "~/server/domain/errors";
import type { ScheduleInput } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";

type ReadOnly = Exclude<keyof ScheduleView, keyof ScheduleInput> | "durable";

/** The build fails for a field of `ScheduleView` that is neither here nor in the definition. */
const READ_ONLY = {
  scheduleId: true,
  source: true,
  sourceId: true,
  status: true,
  tier: true,
  version: true,
  headerList: true,
  masked: true,
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
  runsTaken: true,
  createdBy: true,
  createdAt: true,
  updatedAt: true,
  managedBy: true,
  durable: true,
} as const satisfies Record<ReadOnly, true>;

/**
 * Removes read-only fields from a PUT body, so that a client can send back a GET answer. Throws `validation_failed` for
 * another schedule's id.
 */
export function withoutReadOnly(body: Record<string, unknown>, scheduleId: unknown): Record<string, unknown> {
  const bodyId = body.scheduleId;
  if (bodyId !== undefined && String(bodyId).toLowerCase() !== String(scheduleId).toLowerCase()) {
    throw fieldError("validation_failed", {
      field: "schedule_id",
      message: "differs from the id in the URL",
      expected: String(scheduleId),
    });
  }
  return Object.fromEntries(Object.entries(body).filter(([name]) => !Object.hasOwn(READ_ONLY, name)));
}
