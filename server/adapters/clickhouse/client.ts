import { Readable } from "node:stream";
import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import type { z } from "zod";
import { compactRows } from "./compact-rows";
import { toAppError } from "./fault";
import type { Params } from "./sql";

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 16;

/** A query with its parameters; `settings` are added to those of the connection. */
export interface Query {
  sql: string;
  params?: Params;
  settings?: ClickHouseSettings;
}

export interface Insert {
  table: string;
  /** All of one shape. Taken one by one as they are sent. */
  rows: Iterable<Record<string, unknown>>;
  /** The same token twice adds nothing: to the table, and to the roll-ups behind it. */
  token: string;
}

/** ClickHouse over HTTP. Every call has a timeout; every fault is an `AppError` or, for a bad query, an Error. */
export interface ClickHouse {
  readonly database: string;
  /** Rows, each parsed by `row`. */
  select<T>(row: z.ZodType<T>, query: Query): Promise<T[]>;
  /** A statement without an answer: DDL, mutations. */
  command(query: Query): Promise<void>;
  insert(insert: Insert): Promise<void>;
  createDatabase(onCluster: string): Promise<void>;
  ping(): Promise<{ ok: boolean; detail: string; latencyMs: number }>;
  close(): Promise<void>;
}

const READ_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  date_time_input_format: "best_effort",
  // A caller that has left must not keep the server busy.
  cancel_http_readonly_queries_on_client_close: 1,
};

const INSERT_SETTINGS: ClickHouseSettings = {
  date_time_input_format: "best_effort",
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A token covers the blocks of an insert by their number: the same rows must make the same blocks every time.
  input_format_parallel_parsing: 0,
  max_insert_threads: "1",
  // Ledger rows of a long outage or a back-fill may span any number of months.
  max_partitions_per_insert_block: "0",
  wait_end_of_query: 1,
};

export interface ClickHouseAccess {
  url: string;
  /** Win over those of the URL, and may hold any characters. */
  username?: string;
  password?: string;
  database: string;
  requestTimeoutMs?: number;
}

/** Opens nothing yet: the first call connects. `requestTimeoutMs` bounds every call, 30 s by default. */
export function createClickHouse(input: ClickHouseAccess): ClickHouse {
  const timeoutMs = input.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const connect = (database: string) =>
    createClient({
      url: urlWithout(input),
      username: input.username,
      password: input.password,
      database,
      request_timeout: timeoutMs,
      max_open_connections: MAX_CONNECTIONS,
      // Lists of ids are longer than a URL may be.
      use_multipart_params_auto: true,
      clickhouse_settings: { max_execution_time: Math.max(1, Math.floor(timeoutMs / 1000) - 1) },
      application: "stufio-schedules",
      // Faults are thrown, and logged by whoever catches them.
      log: { level: ClickHouseLogLevel.OFF },
    });
  const client = connect(input.database);
  return {
    database: input.database,
    async select(row, { sql, params, settings }) {
      const answer = await client
        .query({
          query: sql,
          query_params: params,
          format: "JSONEachRow",
          clickhouse_settings: { ...READ_SETTINGS, ...settings },
        })
        .then((result) => result.json<unknown>())
        .catch(toAppError);
      return answer.map((value) => row.parse(value));
    },
    async command({ sql, params, settings }) {
      await client
        .command({ query: sql, query_params: params, clickhouse_settings: { wait_end_of_query: 1, ...settings } })
        .catch(toAppError);
    },
    async insert({ table, rows, token }) {
      const { columns, lines } = compactRows(rows);
      if (columns.length === 0) return;
      const answer = await client
        .exec({
          query: `INSERT INTO ${table} (${columns.join(", ")}) FORMAT JSONCompactEachRow`,
          values: Readable.from(lines, { objectMode: false }),
          clickhouse_settings: { ...INSERT_SETTINGS, insert_deduplication_token: token },
        })
        .catch(toAppError);
      // Nothing is in it, and unread it would hold its connection.
      for await (const _ of answer.stream);
    },
    async createDatabase(onCluster) {
      const outside = connect("default");
      try {
        await outside.command({ query: `CREATE DATABASE IF NOT EXISTS \`${input.database}\` ${onCluster}` });
      } catch (error) {
        toAppError(error);
      } finally {
        await outside.close();
      }
    },
    async ping() {
      const started = performance.now();
      const answer = await client
        .query({ query: "SELECT version() AS version", format: "JSONEachRow" })
        .then((result) => result.json<{ version: string }>())
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      const latencyMs = performance.now() - started;
      if (answer instanceof Error) return { ok: false, detail: answer.message, latencyMs };
      return { ok: true, detail: `ClickHouse ${answer[0]?.version ?? ""}`.trim(), latencyMs };
    },
    close: () => client.close(),
  };
}

/** The client refuses a user or a password that is given twice. */
function urlWithout({ url, username, password }: ClickHouseAccess): string {
  const parsed = new URL(url);
  if (username !== undefined) parsed.username = "";
  if (password !== undefined) parsed.password = "";
  return parsed.href;
}
