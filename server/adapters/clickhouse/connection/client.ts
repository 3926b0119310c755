import { Agent } from "node:https";
import { Readable } from "node:stream";
import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import type { z } from "zod";
import { AppError } from "~/server/domain/errors";
import { compactRows, type InsertRows } from "../sql/compact-rows";
import type { Params } from "../sql/where";
import { adviseOnClickHouse } from "./advice";
import { queryTimeout, throwAppError, throwInsertError } from "./fault";

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 16;

/** A query with its parameters. `settings` override the settings of the connection. */
export interface Query {
  sql: string;
  params?: Params;
  settings?: ClickHouseSettings;
}

export interface Insert extends InsertRows {
  table: string;
  /** While ClickHouse remembers the token, another insert with it adds no rows to the table or its roll-ups. */
  token: string;
}

/**
 * ClickHouse over HTTP. Every call has a timeout. Faults are `AppError`s, or a `DataFault` for a row that ClickHouse
 * refuses, or the error of the server for another cause, such as an invalid query.
 */
export interface ClickHouse {
  readonly database: string;
  select<T>(row: z.ZodType<T>, query: Query): Promise<T[]>;
  /** Runs a statement without a result: DDL, mutations. */
  command(query: Query): Promise<void>;
  insert(insert: Insert): Promise<void>;
  /** Creates the database if it is missing. `onCluster` is the clause ON CLUSTER, or empty. */
  createDatabase(input: { onCluster: string }): Promise<void>;
  ping(): Promise<{ ok: boolean; detail: string; latencyMs: number }>;
  /** The same connection, with selects that end when the signal aborts. Writes continue. */
  within(signal: () => AbortSignal): ClickHouse;
  close(): Promise<void>;
}

const READ_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  date_time_input_format: "best_effort",
  // Ends queries of callers that have disconnected.
  cancel_http_readonly_queries_on_client_close: 1,
};

const INSERT_SETTINGS: ClickHouseSettings = {
  date_time_input_format: "best_effort",
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A token identifies the blocks of an insert by number, so a repeated insert must form the same blocks.
  input_format_parallel_parsing: 0,
  max_insert_threads: "1",
  // Ledger rows after a long outage or a back-fill may span many months.
  max_partitions_per_insert_block: "0",
  wait_end_of_query: 1,
};

export interface ClickHouseAccess {
  /** http or https; user and password are percent-encoded. */
  url: string;
  database: string;
  /** `username` and `password` override those of the URL, and may contain any characters. */
  username?: string;
  password?: string;
  /** PEM of the authority that signed the server's certificate; by default, Node's own list of authorities. */
  ca?: string;
}

/** Connects with the first call. `requestTimeoutMs` limits every call; 30 s by default. */
export function createClickHouse(input: ClickHouseAccess & { requestTimeoutMs?: number }): ClickHouse {
  const login = loginOf(input);
  const timeoutMs = input.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const connect = (database: string) =>
    createClient({
      ...login,
      database,
      // Not the client's own `tls`: with it, user and password are sent in headers, which only allow Latin-1.
      ...(input.ca !== undefined && { http_agent: agentFor(input.ca) }),
      request_timeout: timeoutMs,
      max_open_connections: MAX_CONNECTIONS,
      // Lists of ids may exceed the length of a URL.
      use_multipart_params_auto: true,
      // In seconds. The server ends the query before the client stops waiting.
      clickhouse_settings: { max_execution_time: Math.max(1, Math.floor(timeoutMs / 1000) - 1) },
      application: "stufio-schedules",
      log: { level: ClickHouseLogLevel.OFF },
    });
  const client = connect(input.database);
  const select = async <T>(row: z.ZodType<T>, { sql, params, settings }: Query, signal?: AbortSignal) => {
    if (signal?.aborted) throw queryTimeout(signal.reason);
    const response = client
      .query({
        query: sql,
        query_params: params,
        format: "JSONEachRow",
        clickhouse_settings: { ...READ_SETTINGS, ...settings },
        abort_signal: signal,
      })
      .then((result) => result.json<unknown>())
      .catch(throwAppError);
    const answer = signal === undefined ? await response : await unlessAborted(signal, response);
    return answer.map((value) => row.parse(value));
  };
  const self: ClickHouse = {
    database: input.database,
    select: (row, query) => select(row, query),
    within: (signal) => ({ ...self, select: (row, query) => select(row, query, signal()) }),
    async command({ sql, params, settings }) {
      await client
        .command({ query: sql, query_params: params, clickhouse_settings: { wait_end_of_query: 1, ...settings } })
        .catch(throwAppError);
    },
    async insert({ table, columns, rows, token }) {
      const { isEmpty, lines, fault } = compactRows(rows);
      if (isEmpty) return;
      const answer = await client
        .exec({
          query: `INSERT INTO ${table} (${columns.join(", ")}) FORMAT JSONCompactEachRow`,
          values: Readable.from(lines, { objectMode: false }),
          clickhouse_settings: { ...INSERT_SETTINGS, insert_deduplication_token: token },
        })
        .catch((error: unknown) => throwInsertError(fault() ?? error));
      // The connection is free only after the empty result was read.
      for await (const _ of answer.stream);
    },
    async createDatabase({ onCluster }) {
      // The server refuses statements in a database that does not exist yet.
      const clientOfDefault = connect("default");
      try {
        await clientOfDefault.command({ query: `CREATE DATABASE IF NOT EXISTS \`${input.database}\` ${onCluster}` });
      } catch (error) {
        // This is the first call at start, so a wrong address or login is found here.
        throw new AppError("clickhouse_unavailable", adviseOnClickHouse(error, input.url), { cause: error });
      } finally {
        await clientOfDefault.close();
      }
    },
    async ping() {
      const started = performance.now();
      const answer = await client
        .query({ query: "SELECT version() AS version", format: "JSONEachRow" })
        .then((result) => result.json<{ version: string }>())
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      const latencyMs = performance.now() - started;
      if (answer instanceof Error) return { ok: false, detail: adviseOnClickHouse(answer, input.url), latencyMs };
      return { ok: true, detail: `ClickHouse ${answer[0]?.version ?? ""}`.trim(), latencyMs };
    },
    close: () => client.close(),
  };
  return self;
}

/** Rejects when the signal aborts. The client itself ignores the signal once a response has begun. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stopListening = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(queryTimeout(signal.reason));
    stopListening = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([aborted, work]);
  } finally {
    stopListening();
  }
}

function agentFor(ca: string): Agent {
  return new Agent({ ca, keepAlive: true, maxSockets: MAX_CONNECTIONS });
}

/** Removes user, password and path from the URL: the client would prefer them to the values given separately. */
function loginOf({ url, username, password }: ClickHouseAccess): { url: URL; username?: string; password?: string } {
  const address = new URL(url);
  const user = username ?? decodeURIComponent(address.username);
  const secret = password ?? decodeURIComponent(address.password);
  address.username = "";
  address.password = "";
  address.pathname = "/";
  return { url: address, ...(user !== "" && { username: user }), ...(secret !== "" && { password: secret }) };
}
