import type { AuditEntry } from "../audit/entry";
import type { ExecutionRow, FailureGroup, InFlightExecution, ScheduleListItem, UpcomingFiring } from "../views";
import type { ExportTable } from "./lines";

export const SCHEDULE_EXPORT: ExportTable<ScheduleListItem> = {
  fields: [
    ...(["scheduleId", "name", "description", "tags", "status", "cadence", "cronExpression", "timezone"] as const),
    ...(["executionTime", "nextExecution", "lastExecution", "lastStatus", "lastError"] as const),
    ...(["executionCount", "errorCount", "topic", "entityType", "entityId", "action", "priority"] as const),
    ...(["source", "tier", "correlationId", "pausedAt", "pausedUntil", "pausedBy", "pauseNote"] as const),
    ...(["createdAt", "createdBy", "updatedAt", "version"] as const),
  ],
  times: new Set([
    ...(["executionTime", "nextExecution", "lastExecution", "pausedAt", "pausedUntil"] as const),
    ...(["createdAt", "updatedAt"] as const),
  ]),
};

export const EXECUTION_EXPORT: ExportTable<ExecutionRow> = {
  fields: [
    ...(["executionId", "scheduleId", "scheduleName", "scheduleVersion"] as const),
    ...(["scheduledFor", "effectiveAt", "firedAt", "endedAt", "status", "reason", "late", "latenessMs"] as const),
    ...(["publishMs", "attemptCount", "errorClass", "error", "trigger", "topic", "entityType", "entityId"] as const),
    ...(["action", "source", "tier", "priority", "correlationId", "partition", "offset", "workerId"] as const),
    ...(["actor", "note"] as const),
  ],
  times: new Set(["scheduledFor", "effectiveAt", "firedAt", "endedAt"] as const),
};

export const AUDIT_EXPORT: ExportTable<AuditEntry> = {
  fields: [
    ...(["at", "actor", "actorId", "via", "address", "verb", "target", "targetName", "targets", "result"] as const),
    ...(["errorCode", "call", "count", "onBehalfOf"] as const),
    ...(["note", "job", "requestId", "entryId", "before", "after", "client"] as const),
  ],
  times: new Set(["at"] as const),
};

export const IN_FLIGHT_EXPORT: ExportTable<InFlightExecution> = {
  fields: [
    ...(["executionId", "scheduleId", "scheduleName", "scheduleVersion", "status"] as const),
    ...(["scheduledFor", "effectiveAt", "dueAt", "leaseEndsAt", "heldUntil", "attemptCount"] as const),
    ...(["errorClass", "error", "trigger", "topic", "entityType", "entityId", "action", "source"] as const),
    ...(["priority", "correlationId", "workerId", "actor"] as const),
  ],
  times: new Set(["scheduledFor", "effectiveAt", "dueAt", "leaseEndsAt", "heldUntil"] as const),
};

/** A group of failures with the names of its schedules. */
export interface ExportedFailure extends Omit<FailureGroup, "schedules" | "scheduleCount"> {
  schedules: number;
  /** The schedules with the most failures. */
  topScheduleIds: string[];
  topScheduleNames: string[];
}

export const FAILURE_EXPORT: ExportTable<ExportedFailure> = {
  fields: [
    ...(["errorClass", "shape", "error", "count", "open", "schedules", "topScheduleIds", "topScheduleNames"] as const),
    ...(["firstAt", "lastAt", "firstSeenAt", "isNew", "lastExecutionId"] as const),
  ],
  times: new Set(["firstAt", "lastAt", "firstSeenAt"] as const),
};

export const UPCOMING_EXPORT: ExportTable<UpcomingFiring> = {
  fields: [
    ...(["at", "scheduleId", "name", "state", "pausedUntil", "cadence", "cronExpression", "timezone"] as const),
    ...(["jitterSeconds", "topic", "entityType", "action", "note"] as const),
  ],
  times: new Set(["at", "pausedUntil"] as const),
};

/** A bulk job with its times as ISO text. */
export interface ExportedBulkJob {
  jobId: string;
  action: string;
  status: string;
  total: number;
  done: number;
  changed: number;
  skipped: number;
  failed: number;
  actor: string;
  note: string | null;
  filter: object | null;
  until: string | null;
  missed: string | null;
  addTags: readonly string[];
  removeTags: readonly string[];
  jitterSeconds: number | null;
  spreadMinutes: number | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  undoOf: string | null;
  undoneBy: string | null;
}

export const BULK_EXPORT: ExportTable<ExportedBulkJob> = {
  fields: [
    ...(["jobId", "action", "status", "createdAt", "startedAt", "endedAt", "actor", "note", "total", "done"] as const),
    ...(["changed", "skipped", "failed", "filter", "until", "missed", "addTags", "removeTags"] as const),
    ...(["jitterSeconds", "spreadMinutes", "undoOf", "undoneBy"] as const),
  ],
  times: new Set(["createdAt", "startedAt", "endedAt", "until"] as const),
};
