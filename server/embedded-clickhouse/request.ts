import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { decodeBody, readAll, type Spool, type SpooledRows } from "./body";
import type { Statement } from "./engine";
import { Refusal } from "./errors";
import { quoted } from "./preparation";
import { insertFromFile, type Shape, shapeOf } from "./sql-shape";

/** Parameters of the interface. All other URL parameters are query parameters or settings. */
const INTERFACE_PARAMETERS = new Set([
  "query",
  "database",
  "default_format",
  "query_id",
  "wait_end_of_query",
  "buffer_size",
  "user",
  "password",
  "quota_key",
  // The parameters of sessions and `role` are ignored, because there are no sessions and roles.
  "session_id",
  "session_timeout",
  "session_check",
  "close_session",
  "role",
  "stacktrace",
  "client_protocol_version",
  "compress",
  "decompress",
]);

/** Statements that leave the state of their connection unchanged. */
const STATELESS = new Set(["SELECT", "WITH", "INSERT", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN"]);
const READS = new Set(["SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK"]);

export interface Call {
  statement: Statement;
  shape: Shape;
  /** The spooled rows of an INSERT, which the caller must remove. */
  rows: SpooledRows | null;
  /** Whether to send the answer only when it is complete. */
  waitsForEnd: boolean;
  /** The zlib level of a compressed answer; null: not compressed. */
  gzipLevel: number | null;
}

/**
 * Reads the statement of a request. The SQL is `?query=`, the body, or a part of a form. With `?query=INSERT … FORMAT
 * x` the body contains the rows; with any other `?query=` the body is the rest of the SQL.
 */
export async function readCall(request: IncomingMessage, spool: Spool): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://localhost").searchParams;
  if (url.get("compress") === "1" || url.get("decompress") === "1") {
    throw new Refusal(
      48,
      "NOT_IMPLEMENTED",
      "ClickHouse's own block compression is not supported; use HTTP compression.",
    );
  }
  const values = new Map(url);
  const text = await readText(request, values);
  const { shape, sql } = text;
  const rows = shape.insert ? await spool.store(text.rows, text.body) : null;
  const named = [...values].filter(([name]) => !INTERFACE_PARAMETERS.has(name));
  return {
    shape,
    rows,
    waitsForEnd: url.get("wait_end_of_query") === "1",
    gzipLevel: gzipLevelOf(request, url),
    statement: {
      sql: rows && shape.insert ? insertFromFile(shape.insert, quoted(rows.file)) : sql,
      format: values.get("default_format") || header(request, "x-clickhouse-format") || "TabSeparated",
      database: values.get("database") || header(request, "x-clickhouse-database") || "default",
      params: new Map(
        named.filter(([name]) => name.startsWith("param_")).map(([name, value]) => [name.slice(6), value]),
      ),
      settings: new Map(named.filter(([name]) => !name.startsWith("param_"))),
      isReadOnly: request.method === "GET" || request.method === "HEAD",
      queryId: values.get("query_id") || randomUUID(),
      isStateless: STATELESS.has(shape.firstWord),
      isKillable: READS.has(shape.firstWord),
    },
  };
}

interface StatementText {
  sql: string;
  shape: Shape;
  /** For an INSERT: the rows in the statement's text. */
  rows: Uint8Array;
  /** For an INSERT: the body with further rows; null for none. */
  body: ReturnType<typeof decodeBody> | null;
}

const NO_ROWS = new Uint8Array(0);

async function readText(request: IncomingMessage, values: Map<string, string>): Promise<StatementText> {
  if (/^multipart\/form-data\b/.test(header(request, "content-type"))) {
    await readForm(request, values);
    const sql = values.get("query") ?? "";
    const shape = shapeOf(sql);
    return { sql, shape, rows: Buffer.from(sql.slice(shape.insert?.dataStart)), body: null };
  }
  const query = values.get("query") ?? "";
  const body = decodeBody(request);
  if (query.trim() !== "") {
    const shape = shapeOf(query);
    if (shape.insert) {
      return { sql: query, shape, rows: Buffer.from(query.slice(shape.insert.dataStart)), body };
    }
  }
  const bytes = await readAll(body);
  const head = query === "" || bytes.length === 0 ? query : `${query}\n`;
  const sql = head + bytes.toString("utf8");
  const shape = shapeOf(sql);
  if (!shape.insert) return { sql, shape, rows: NO_ROWS, body: null };
  // Slices the bytes, because rows of a binary format are not text.
  const rowsStart = Buffer.byteLength(sql.slice(0, shape.insert.dataStart)) - Buffer.byteLength(head);
  return { sql, shape, rows: bytes.subarray(rowsStart), body: null };
}

/** Reads a form with long parameters. Each part replaces the URL parameter with its name. */
async function readForm(request: IncomingMessage, values: Map<string, string>): Promise<void> {
  const body = await readAll(decodeBody(request));
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": header(request, "content-type") },
  })
    .formData()
    .catch(() => {
      throw new Refusal(36, "BAD_ARGUMENTS", "The form in the request is malformed.");
    });
  for (const [name, value] of form) {
    if (typeof value !== "string") throw new Refusal(48, "NOT_IMPLEMENTED", "External tables are not supported.");
    values.set(name, value);
  }
}

function gzipLevelOf(request: IncomingMessage, url: URLSearchParams): number | null {
  const isWanted = ["1", "true"].includes(url.get("enable_http_compression") ?? "");
  if (!isWanted || !/\bgzip\b/.test(header(request, "accept-encoding"))) return null;
  const level = Number(url.get("http_zlib_compression_level") ?? 3);
  return level >= 1 && level <= 9 ? level : 3;
}

function header(request: IncomingMessage, name: string): string {
  return String(request.headers[name] ?? "");
}
