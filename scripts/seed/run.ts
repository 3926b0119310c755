import type { ClickHouse } from "~/server/adapters/clickhouse/client";
import { dropStaged, openStaged, publishStaged, STAGED } from "./ledger";
import { executionsSql, type SeedInput, schedulesSql } from "./sql";
import { templates } from "./templates";

/** Rows of one statement: what the engine sorts at once, and how often progress is told. */
const CHUNK = 500_000;

export interface SeedRequest {
  schedules: number;
  executions: number;
  days: number;
  nowMs: number;
  /** From when on recurring ones are next due; `nowMs` by default. */
  dueFromMs?: number;
}

type Say = (progress: { what: "schedules" | "executions"; done: number; of: number }) => void;

/** Fills the catalogue and the ledger, roll-ups included, and says how far it is. Rows of an earlier seed with the same numbers are the same rows. */
export async function seed(client: ClickHouse, request: SeedRequest, say: Say): Promise<void> {
  const input = { ...request, templates: templates(request.dueFromMs ?? request.nowMs) };
  const fill = async (
    what: "schedules" | "executions",
    sql: (input: SeedInput, from: number, to: number) => string,
  ) => {
    for (let from = 0; from < request[what]; from += CHUNK) {
      const to = Math.min(request[what], from + CHUNK);
      await client.command({ sql: sql(input, from, to), settings: SETTINGS });
      say({ what, done: to, of: request[what] });
    }
  };
  await fill("schedules", schedulesSql);
  if (request.executions === 0) return;
  await openStaged(client);
  try {
    await fill("executions", (...args) => executionsSql(STAGED, ...args));
    await publishStaged(client, request.nowMs);
  } finally {
    await dropStaged(client);
  }
}

const SETTINGS = {
  max_execution_time: 0,
  max_partitions_per_insert_block: "0",
  max_insert_threads: "2",
  max_block_size: "250000",
  min_insert_block_size_rows: "250000",
  // The array of cadences is long.
  max_query_size: "2000000",
  max_ast_elements: "2000000",
  max_expanded_ast_elements: "2000000",
} as const;
