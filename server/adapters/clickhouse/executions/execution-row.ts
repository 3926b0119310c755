import { z } from "zod";
import { Attempt, type Execution, type StoredExecution, Trigger } from "~/server/domain/execution";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import { ActorType, Outcome, Source, Tier } from "~/server/domain/schedule";
import {
  columnTable,
  count,
  flag,
  headers,
  payload,
  text,
  textOrNull,
  time,
  timeOrNull,
  validated,
} from "../sql/column-table";
import { type InsertRows, mapLazily } from "../sql/compact-rows";

const Attempts = z.string().transform((json) => z.array(Attempt).parse(JSON.parse(json)));

/** The columns of `schedule_execution_results` that are read. `executionRows` also writes three others. */
export const EXECUTION_ROW = columnTable<StoredExecution>({
  executionId: ["execution_id", text],
  key: ["occurrence_key", text],
  scheduleId: ["schedule_id", text],
  scheduleName: ["schedule_name", textOrNull],
  scheduleVersion: ["schedule_version", count],
  trigger: ["trigger", validated(Trigger)],
  outcome: ["outcome", validated(Outcome)],
  reason: ["reason", textOrNull],
  topic: ["topic", text],
  entityType: ["entity_type", text],
  entityId: ["entity_id", textOrNull],
  action: ["action", text],
  source: ["source", validated(Source)],
  correlationId: ["correlation_id", text],
  priority: ["priority", count],
  scheduledFor: ["scheduled_for", time],
  effectiveAt: ["effective_at", time],
  firedAt: ["fired_at", timeOrNull],
  endedAt: ["ended_at", time],
  latenessMs: ["lateness_ms", { read: z.int().nonnegative(), write: (ms) => Math.max(0, Math.round(ms)) }],
  late: ["late", flag],
  publishMs: ["publish_ms", validated(z.number().nullable())],
  attempts: ["attempts", { read: Attempts, write: attemptsText }],
  error: ["error", textOrNull],
  errorClass: ["error_class", textOrNull],
  workerId: ["worker_id", text],
  partition: ["bus_partition", validated(z.int().nullable())],
  offset: ["bus_offset", textOrNull],
  actor: ["actor", textOrNull],
  // Rows that an older version wrote to the outbox have no note.
  note: ["note", { read: z.string().nullable(), write: (note) => note ?? null }],
  tier: ["tier", validated(Tier)],
  enteredRedisAt: ["entered_redis_at", time],
  payload: ["payload", payload],
  headers: ["headers", headers],
  // Rows that an older version wrote to the outbox do not have the next three fields.
  rawValue: ["raw_value", { read: z.boolean(), write: (raw) => raw ?? false }],
  actorType: ["actor_type", { read: ActorType, write: (type) => type ?? SCHEDULE_DEFAULTS.actorType }],
  actorId: ["actor_id", { read: z.string(), write: (id) => id ?? SCHEDULE_DEFAULTS.actorId }],
});

/**
 * Executions as rows to insert, except those whose ids are in `without`. `rolledUp` false excludes the rows from the
 * roll-ups; `batch` is the token of the insert.
 */
export function executionRows(
  executions: readonly Execution[],
  insert: { rolledUp: boolean; batch: string; without: ReadonlySet<string> | null },
): InsertRows {
  const { rolledUp, batch, without } = insert;
  const rowsToInsert =
    without === null ? executions : executions.filter(({ executionId }) => !without.has(executionId));
  return {
    columns: [...EXECUTION_ROW.columns, "attempt_count", "rolled_up", "batch"],
    rows: mapLazily(rowsToInsert, (row) => {
      const values = EXECUTION_ROW.write(row);
      values.push(row.attempts.length, rolledUp, batch);
      return values;
    }),
  };
}

let lastAttempts: { attempts: readonly Attempt[]; text: string } = { attempts: [], text: "[]" };

/** Caches the last text: executions of a batch that succeeded at the first attempt share one list of attempts. */
function attemptsText(attempts: readonly Attempt[]): string {
  if (lastAttempts.attempts !== attempts) lastAttempts = { attempts, text: JSON.stringify(attempts) };
  return lastAttempts.text;
}
