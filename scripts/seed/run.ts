import type { ClickHouse } from "~/server/adapters/clickhouse/client";
import { executionsSql, schedulesSql } from "./sql";
import { templates } from "./templates";

/** Rows of one statement: what the engine sorts at once, and how often progress is told. */
const CHUNK = 250_000;

export interface SeedRequest {
  schedules: number;
  executions: number;
  days: number;
  nowMs: number;
  /** From when on recurring ones are next due; `nowMs` by default. */
  dueFromMs?: number;
}

/** Fills the catalogue and the ledger, roll-ups included, and says how far it is. Rows of an earlier seed with the same numbers are the same rows. */
export async function seed(
  client: ClickHouse,
  request: SeedRequest,
  say: (progress: { what: "schedules" | "executions"; done: number; of: number }) => void,
): Promise<void> {
  const input = { ...request, templates: templates(request.dueFromMs ?? request.nowMs) };
  const steps = [
    { what: "schedules", of: request.schedules, sql: schedulesSql },
    { what: "executions", of: request.executions, sql: executionsSql },
  ] as const;
  for (const { what, of, sql } of steps) {
    for (let from = 0; from < of; from += CHUNK) {
      const to = Math.min(of, from + CHUNK);
      await client.command({ sql: sql(input, from, to), settings: SETTINGS });
      say({ what, done: to, of });
    }
  }
}

const SETTINGS = {
  max_execution_time: 0,
  max_partitions_per_insert_block: "0",
  max_insert_threads: "1",
  // The array of cadences is long.
  max_query_size: "2000000",
  max_ast_elements: "2000000",
  max_expanded_ast_elements: "2000000",
} as const;
