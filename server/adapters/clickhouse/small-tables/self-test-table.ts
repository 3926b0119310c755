import { z } from "zod";
import { OUTCOMES } from "~/server/domain/choices";
import type { Execution } from "~/server/domain/execution";
import type { SelfTestRow } from "~/server/ports/store/self-test";
import type { ClickHouse } from "../connection/client";
import { rowsOfObjects } from "../sql/compact-rows";
import { epochMs, stamp } from "../sql/time-columns";

const Row = z.object({
  scheduledFor: z.int(),
  outcome: z.enum(OUTCOMES),
  latenessMs: z.int(),
  error: z.string().nullable(),
});

export async function insertSelfTests(
  client: ClickHouse,
  { token, rows }: { token: string; rows: readonly Execution[] },
): Promise<void> {
  const values = rows.map((row) => ({
    schedule_id: row.scheduleId,
    scheduled_for: stamp(row.scheduledFor),
    outcome: row.outcome,
    lateness_ms: Math.round(row.latenessMs),
    error: row.error,
    ended_at: stamp(row.endedAt),
  }));
  await client.insert({ table: "self_test", ...rowsOfObjects(values), token: `${token}:self_test` });
}

/** The newest recorded event at or after `scheduledFor`. */
export async function findSelfTest(
  client: ClickHouse,
  input: { scheduleId: string; scheduledFor: number },
): Promise<SelfTestRow | null> {
  const [row] = await client.select(Row, {
    sql: `SELECT ${epochMs("scheduled_for")} AS scheduledFor, outcome, lateness_ms AS latenessMs, error FROM self_test
      WHERE schedule_id = {scheduleId:String} AND scheduled_for >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
      ORDER BY scheduled_for DESC LIMIT 1`,
    params: { scheduleId: input.scheduleId, from: input.scheduledFor },
  });
  return row ?? null;
}
