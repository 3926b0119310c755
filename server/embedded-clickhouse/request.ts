import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { decoded, readAll, type Spool, type SpooledRows } from "./body";
import type { Statement } from "./engine";
import { Refusal } from "./errors";
import { quoted } from "./preparation";
import { insertFromFile, type Shape, shapeOf } from "./sql-shape";

/** URL parameters of the interface itself; every other one is a parameter of the query or a setting. */
const OWN = new Set([
  "query",
  "database",
  "default_format",
  "query_id",
  "wait_end_of_query",
  "buffer_size",
  "user",
  "password",
  "quota_key",
  // There are no sessions: every request stands alone. And no users, so no roles.
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

/** Statements that change nothing of the connection they run on. */
const TRACELESS = new Set(["SELECT", "WITH", "INSERT", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN"]);
const READS = new Set(["SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK"]);

export interface Call {
  statement: Statement;
  shape: Shape;
  /** The rows of an INSERT; to be removed when it is over. */
  rows: SpooledRows | null;
  /** The whole answer must be there before its first byte is sent. */
  waitsForEnd: boolean;
  /** The client asks for a compressed answer, at this level of zlib; null: it does not. */
  gzipLevel: number | null;
}

/**
 * One HTTP request as a statement. The SQL is `?query=`, or the body, or a form's part. With `?query=INSERT … FORMAT x`
 * the body is its rows; behind any other `?query=` it is the rest of the SQL.
 */
export async function readCall(request: IncomingMessage, spool: Spool): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://localhost").searchParams;
  if (url.get("compress") === "1" || url.get("decompress") === "1") {
    throw new Refusal(
      48,
      "NOT_IMPLEMENTED",
      "ClickHouse's own block compression is not spoken here; use HTTP compression.",
    );
  }
  const values = new Map(url);
  const text = await readText(request, values);
  const { shape, sql } = text;
  const rows = shape.insert ? await spool.store(text.rows, text.more) : null;
  const named = [...values].filter(([name]) => !OWN.has(name));
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
      isTraceless: TRACELESS.has(shape.verb),
      isKillable: READS.has(shape.verb),
    },
  };
}

interface Text {
  sql: string;
  shape: Shape;
  /** For an INSERT: the rows that stand in the text, and the body they go on in. */
  rows: Uint8Array;
  more: ReturnType<typeof decoded> | null;
}

const NONE = new Uint8Array(0);

async function readText(request: IncomingMessage, values: Map<string, string>): Promise<Text> {
  if (/^multipart\/form-data\b/.test(header(request, "content-type"))) {
    await readForm(request, values);
    const sql = values.get("query") ?? "";
    const shape = shapeOf(sql);
    return { sql, shape, rows: Buffer.from(sql.slice(shape.insert?.dataStart)), more: null };
  }
  const query = values.get("query") ?? "";
  const body = decoded(request);
  if (query.trim() !== "") {
    const shape = shapeOf(query);
    if (shape.insert) {
      return { sql: query, shape, rows: Buffer.from(query.slice(shape.insert.dataStart)), more: body };
    }
  }
  const bytes = await readAll(body);
  const head = query === "" || bytes.length === 0 ? query : `${query}\n`;
  const sql = head + bytes.toString("utf8");
  const shape = shapeOf(sql);
  if (!shape.insert) return { sql, shape, rows: NONE, more: null };
  // Cut from the bytes, not from the text: rows of a binary format are no text.
  const headBytes = Buffer.byteLength(sql.slice(0, shape.insert.dataStart)) - Buffer.byteLength(head);
  return { sql, shape, rows: bytes.subarray(headBytes), more: null };
}

/** Long parameters come as a form: each part stands for the URL parameter of its name. */
async function readForm(request: IncomingMessage, values: Map<string, string>): Promise<void> {
  const body = await readAll(decoded(request));
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": header(request, "content-type") },
  })
    .formData()
    .catch(() => {
      throw new Refusal(36, "BAD_ARGUMENTS", "The form of the request can't be read.");
    });
  for (const [name, value] of form) {
    if (typeof value !== "string") throw new Refusal(48, "NOT_IMPLEMENTED", "External tables are not taken here.");
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
