import type { ClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { dropStaged, openStaged, publishStaged, STAGED } from "./ledger";
import { executionsSql, type SeedInput, schedulesSql } from "./sql";
import { templates } from "./templates";

/** Rows of one statement: what the engine sorts at once, and how often progress is told. */
const CHUNK = 1_000_000;
/** Statements at once: a second one makes its rows while the first waits for the disk. */
const LANES = 2;

export interface SeedRequest {
  schedules: number;
  executions: number;
  days: number;
  nowMs: number;
  /** From when on recurring ones are next due; `nowMs` by default. */
  dueFromMs?: number;
  /**
   * For how long executions are made, at most: then the history is shorter. Rolling them up takes half as long again.
   */
  fillMs?: number;
}

type Say = (progress: { what: "schedules" | "executions"; done: number; of: number }) => void;

/**
 * Fills the catalogue and the ledger, roll-ups included, and says how far it is. Rows of an earlier seed with the same
 * numbers are the same rows. Answers how many executions there are.
 */
export async function seed(client: ClickHouse, request: SeedRequest, say: Say): Promise<{ executions: number }> {
  const input = { ...request, templates: templates(request.dueFromMs ?? request.nowMs) };
  const fill = async (
    what: "schedules" | "executions",
    sql: (input: SeedInput, from: number, to: number) => string,
    forMs = Infinity,
  ) => {
    const of = request[what];
    const until = performance.now() + forMs;
    let left = of;
    let done = 0;
    const lane = async () => {
      // The newest first: what there is no time for is the oldest.
      while (left > 0 && performance.now() < until) {
        const to = left;
        const from = Math.max(0, to - CHUNK);
        left = from;
        await client.command({ sql: sql(input, from, to), settings: SETTINGS });
        done += to - from;
        say({ what, done, of });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return done;
  };
  await fill("schedules", schedulesSql);
  if (request.executions === 0) return { executions: 0 };
  await openStaged(client);
  try {
    const executions = await fill("executions", (...args) => executionsSql(STAGED, ...args), request.fillMs);
    await publishStaged(client, request.nowMs);
    return { executions };
  } finally {
    await dropStaged(client);
  }
}

const SETTINGS = {
  max_execution_time: 0,
  max_partitions_per_insert_block: "0",
  max_insert_threads: "1",
  min_insert_block_size_rows: String(CHUNK),
  min_insert_block_size_bytes: "0",
  // No two rows of a piece have one key: nothing to replace before it is written.
  optimize_on_insert: 0,
  // The array of cadences is long.
  max_query_size: "2000000",
  max_ast_elements: "2000000",
  max_expanded_ast_elements: "2000000",
} as const;
