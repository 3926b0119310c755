import { auditName } from "~/server/domain/audit/audit-name";
import { bulkJobName } from "~/server/domain/audit/bulk-job-name";
import { REFUSED } from "~/server/domain/audit/results";
import type { AuditVerb } from "~/server/domain/audit/verbs";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { eventId } from "~/server/domain/ids";
import type { Schedule } from "~/server/domain/schedule";
import { newAuditId } from "~/server/new-audit-id";
import type { AuditDocument, NewAuditEntry } from "../audit";
import type { Deps } from "../ctx";
import { changedFields } from "../schedules/changed-fields";
import { isoOrNull } from "../schedules/view";
import type { BulkJob } from "./job";

/** Returns the audit entry of one schedule that a job changes, to be stored in one step with the change. */
export function changeEntry(
  deps: Deps,
  job: BulkJob,
  { current, changed }: { current: Schedule; changed: Schedule },
): AuditDocument {
  const json = entryJson(deps, job, {
    target: current.scheduleId,
    targetName: auditName(current),
    ...factsOf(job, current, changed),
  });
  return { kind: DOCUMENT_KIND.auditEntry, json };
}

function factsOf(job: BulkJob, current: Schedule, changed: Schedule): Omit<NewAuditEntry, "target"> {
  const { version } = changed;
  const before = { enabled: current.enabled, version: current.version };
  if (changed.state.deleted) {
    return { action: "schedule.delete", before: { name: current.name, version: current.version } };
  }
  if (!changed.enabled && current.enabled) {
    const until = isoOrNull(changed.pausedUntil);
    const after = { enabled: false, until, missed: null, version };
    return { action: "schedule.pause", note: changed.pauseNote, before, after };
  }
  if (changed.enabled && !current.enabled) {
    return { action: "schedule.resume", before, after: { enabled: true, until: null, missed: job.missed, version } };
  }
  return { action: "schedule.edit", ...changedFields(current, changed) };
}

/** Returns the audit entry of one schedule that a job runs, to be stored in one step with the run. */
export function runEntry(deps: Deps, job: BulkJob, { schedule, key }: { schedule: Schedule; key: string }): string {
  return entryJson(deps, job, {
    action: "schedule.execute",
    target: schedule.scheduleId,
    targetName: auditName(schedule),
    after: { executionId: eventId(key) },
  });
}

/** Returns the audit entry of the items that a job could not change. */
export function failuresEntry(deps: Deps, job: BulkJob): string {
  const reasons = [...new Set(job.failures.map(({ reason }) => reason))].slice(0, MAX_REASONS);
  const group = job.action === "replay" || job.action === "discard" ? "dead_letters" : "bulk";
  return entryJson(deps, job, {
    action: `${group}.${job.action}` as AuditVerb,
    target: job.jobId,
    targetName: bulkJobName(job),
    targets: job.failures.map(({ id }) => id),
    result: REFUSED,
    errorCode: "conflict",
    count: job.failed,
    note: reasons.join(" "),
  });
}

const MAX_REASONS = 5;

function entryJson(deps: Deps, job: BulkJob, entry: NewAuditEntry): string {
  const at = deps.clock.now();
  return JSON.stringify({ id: newAuditId(at), at, ...callerOf(job), ...entry });
}

function callerOf({ jobId, actor, caller }: BulkJob): object {
  const { id, via, requestId, address } = caller ?? { id: "", via: "system", requestId: undefined, address: null };
  return { actorId: id, actor, via, requestId, address: address ?? undefined, job: jobId };
}
