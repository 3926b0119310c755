import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { z } from "zod";
import type { LedgerRow } from "./compare";

const Row = z.object({
  executionId: z.string(),
  scheduleId: z.string(),
  correlationId: z.string(),
  trigger: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  scheduledFor: z.coerce.number(),
  latenessMs: z.coerce.number(),
  late: z.boolean(),
  attempts: z.coerce.number(),
  copies: z.coerce.number(),
});

/** Without FINAL, so that `copies` counts duplicates that ClickHouse would merge. */
const SQL = `
  SELECT execution_id AS executionId, any(schedule_id) AS scheduleId, any(correlation_id) AS correlationId,
    any(trigger) AS trigger, any(outcome) AS outcome, any(reason) AS reason,
    any(toUnixTimestamp64Milli(scheduled_for)) AS scheduledFor, any(lateness_ms) AS latenessMs, any(late) AS late, any(attempt_count) AS attempts, count() AS copies
  FROM schedule_execution_results GROUP BY execution_id`;

/** Reads the ledger, and the number of executions in the hourly roll-up. */
export async function readLedger(url: string, database = "stufio"): Promise<{ rows: LedgerRow[]; rolledUp: number }> {
  const client = createClient({ url, database, log: { level: ClickHouseLogLevel.OFF } });
  try {
    const answer = await client.query({ query: SQL, format: "JSONEachRow" });
    const rows = z.array(Row).parse(await answer.json());
    const total = await client.query({
      query: "SELECT toUInt64(sum(executions)) AS total FROM schedule_performance_metrics",
      format: "JSONEachRow",
    });
    const [sum] = z.array(z.object({ total: z.coerce.number() })).parse(await total.json());
    return { rows, rolledUp: sum?.total ?? 0 };
  } finally {
    await client.close();
  }
}
