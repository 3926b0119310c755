import { z } from "zod";
import { Attempt, type Execution, type StoredExecution, Trigger } from "~/server/domain/execution";
import { parseStoredHeaders, storedHeaders } from "~/server/domain/message-headers";
import { Outcome, Source, Tier } from "~/server/domain/schedule";
import { epochMs } from "./sql";
import { stamp, stampOrNull } from "./time-columns";

const PLAIN = [
  "execution_id",
  "occurrence_key",
  "schedule_id",
  "schedule_name",
  "schedule_version",
  "trigger",
  "outcome",
  "reason",
  "topic",
  "entity_type",
  "entity_id",
  "action",
  "source",
  "correlation_id",
  "priority",
  "lateness_ms",
  "late",
  "publish_ms",
  "attempts",
  "error",
  "error_class",
  "worker_id",
  "bus_partition",
  "bus_offset",
  "actor",
  "note",
  "tier",
  "payload",
  "headers",
];
const TIMES = ["scheduled_for", "effective_at", "fired_at", "ended_at", "entered_redis_at"];

/** What to select for `ExecutionRow`. */
export const EXECUTION_COLUMNS = [...PLAIN, ...TIMES.map((name) => `${epochMs(name)} AS ${name}_ms`)].join(", ");

const ms = z.int();
const count = z.int().nonnegative();
const Attempts = z.string().transform((text) => z.array(Attempt).parse(JSON.parse(text)));

/** A row of `schedule_execution_results`, read as the execution that it is. */
export const ExecutionRow = z
  .object({
    execution_id: z.string(),
    occurrence_key: z.string(),
    schedule_id: z.string(),
    schedule_name: z.string().nullable(),
    schedule_version: count,
    trigger: Trigger,
    outcome: Outcome,
    reason: z.string().nullable(),
    topic: z.string(),
    entity_type: z.string(),
    entity_id: z.string().nullable(),
    action: z.string(),
    source: Source,
    correlation_id: z.string(),
    priority: count,
    scheduled_for_ms: ms,
    effective_at_ms: ms,
    fired_at_ms: ms.nullable(),
    ended_at_ms: ms,
    lateness_ms: count,
    late: z.boolean(),
    publish_ms: z.number().nullable(),
    attempts: Attempts,
    error: z.string().nullable(),
    error_class: z.string().nullable(),
    worker_id: z.string(),
    bus_partition: z.int().nullable(),
    bus_offset: z.string().nullable(),
    actor: z.string().nullable(),
    note: z.string().nullable(),
    tier: Tier,
    entered_redis_at_ms: ms,
    payload: z.string(),
    headers: z.record(z.string(), z.string()),
  })
  .transform(
    (row): StoredExecution => ({
      executionId: row.execution_id,
      key: row.occurrence_key,
      scheduleId: row.schedule_id,
      scheduleName: row.schedule_name,
      scheduleVersion: row.schedule_version,
      trigger: row.trigger,
      outcome: row.outcome,
      reason: row.reason,
      topic: row.topic,
      entityType: row.entity_type,
      entityId: row.entity_id,
      action: row.action,
      source: row.source,
      correlationId: row.correlation_id,
      priority: row.priority,
      scheduledFor: row.scheduled_for_ms,
      effectiveAt: row.effective_at_ms,
      firedAt: row.fired_at_ms,
      endedAt: row.ended_at_ms,
      latenessMs: row.lateness_ms,
      late: row.late,
      publishMs: row.publish_ms,
      attempts: row.attempts,
      error: row.error,
      errorClass: row.error_class,
      workerId: row.worker_id,
      partition: row.bus_partition,
      offset: row.bus_offset,
      actor: row.actor,
      note: row.note,
      tier: row.tier,
      enteredRedisAt: row.entered_redis_at_ms,
      payload: row.payload,
      headers: parseStoredHeaders(row.headers),
    }),
  );

/** Executions as rows to insert, less those whose ids are in `without`. */
export function* executionRows(
  executions: readonly Execution[],
  given: { rolledUp: boolean; batch: string; without: ReadonlySet<string> | null },
): Generator<Record<string, unknown>> {
  for (const execution of executions) {
    if (!given.without?.has(execution.executionId)) yield toExecutionRow(execution, given);
  }
}

/**
 * An execution as a row to insert; `rolledUp` false keeps it out of the roll-ups, `batch` is the token it comes in
 * under.
 */
export function toExecutionRow(e: Execution, given: { rolledUp: boolean; batch: string }): Record<string, unknown> {
  return {
    execution_id: e.executionId,
    occurrence_key: e.key,
    schedule_id: e.scheduleId,
    schedule_name: e.scheduleName,
    schedule_version: e.scheduleVersion,
    trigger: e.trigger,
    outcome: e.outcome,
    reason: e.reason,
    topic: e.topic,
    entity_type: e.entityType,
    entity_id: e.entityId,
    action: e.action,
    source: e.source,
    correlation_id: e.correlationId,
    priority: e.priority,
    scheduled_for: stamp(e.scheduledFor),
    effective_at: stamp(e.effectiveAt),
    fired_at: stampOrNull(e.firedAt),
    ended_at: stamp(e.endedAt),
    lateness_ms: Math.max(0, Math.round(e.latenessMs)),
    late: e.late,
    publish_ms: e.publishMs,
    attempt_count: e.attempts.length,
    attempts: attemptsText(e.attempts),
    error: e.error,
    error_class: e.errorClass,
    worker_id: e.workerId,
    bus_partition: e.partition,
    bus_offset: e.offset,
    actor: e.actor,
    // Rows that an older version left in the outbox have none.
    note: e.note ?? null,
    tier: e.tier,
    entered_redis_at: stamp(e.enteredRedisAt),
    payload: e.payload,
    headers: storedHeaders(e.headers),
    rolled_up: given.rolledUp,
    batch: given.batch,
  };
}

let lastAttempts: { of: readonly Attempt[]; text: string } = { of: [], text: "[]" };

/** Those of a batch that succeeded at once share one list. */
function attemptsText(attempts: readonly Attempt[]): string {
  if (lastAttempts.of !== attempts) lastAttempts = { of: attempts, text: JSON.stringify(attempts) };
  return lastAttempts.text;
}
