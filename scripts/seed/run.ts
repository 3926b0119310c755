import type { ClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { createStagingTable, dropStagingTable, publishStagingTable, STAGING_TABLE } from "./ledger";
import { executionsSql, type SeedInput, schedulesSql } from "./sql";
import { templates } from "./templates";

/** Limits the memory that a statement needs for sorting. */
const ROWS_PER_STATEMENT = 1_000_000;
/** Two statements at once: one generates rows while the other waits for the disk. */
const CONCURRENCY = 2;

export interface SeedRequest {
  schedules: number;
  executions: number;
  days: number;
  nowMs: number;
  /** Next runs of recurring schedules are after this time; `nowMs` by default. */
  dueFromMs?: number;
  /** Time limit for generating executions, which cuts the oldest. The roll-ups then take about half of this time. */
  fillMs?: number;
}

type Say = (progress: { what: "schedules" | "executions"; done: number; total: number }) => void;

/**
 * Fills the catalogue, the ledger and the roll-ups. Without `fillMs`, the same request gives the same rows, except for
 * the ids of executions. Returns the number of executions.
 */
export async function seed(client: ClickHouse, request: SeedRequest, say: Say): Promise<{ executions: number }> {
  const input = { ...request, templates: templates(request.dueFromMs ?? request.nowMs) };
  const fill = async (
    what: "schedules" | "executions",
    sql: (input: SeedInput, from: number, to: number) => string,
    forMs = Infinity,
  ) => {
    const total = request[what];
    const until = performance.now() + forMs;
    let left = total;
    let done = 0;
    const runNext = async () => {
      // Newest first, so that the time limit cuts the oldest rows.
      while (left > 0 && performance.now() < until) {
        const to = left;
        const from = Math.max(0, to - ROWS_PER_STATEMENT);
        left = from;
        await client.command({ sql: sql(input, from, to), settings: SETTINGS });
        done += to - from;
        say({ what, done, total });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, runNext));
    return done;
  };
  await fill("schedules", schedulesSql);
  if (request.executions === 0) return { executions: 0 };
  await createStagingTable(client);
  try {
    const executions = await fill("executions", (...args) => executionsSql(STAGING_TABLE, ...args), request.fillMs);
    await publishStagingTable(client, request.nowMs);
    return { executions };
  } finally {
    await dropStagingTable(client);
  }
}

const SETTINGS = {
  max_execution_time: 0,
  max_partitions_per_insert_block: "0",
  max_insert_threads: "1",
  min_insert_block_size_rows: String(ROWS_PER_STATEMENT),
  min_insert_block_size_bytes: "0",
  // No two rows of a statement share a key, so nothing needs replacing.
  optimize_on_insert: 0,
  // The statement contains every cadence, so it exceeds the default limits.
  max_query_size: "2000000",
  max_ast_elements: "2000000",
  max_expanded_ast_elements: "2000000",
} as const;
