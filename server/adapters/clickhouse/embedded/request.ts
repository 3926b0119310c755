import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import type { Statement } from "./engine";

/** The largest body of one request; a JavaScript string holds little more. Insert in several batches above it. */
export const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** A request that can't be understood, with ClickHouse's error code and HTTP status. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(`Code: ${code}. DB::Exception: ${message}`);
  }
}

/** URL parameters of the interface itself; every other one is a setting. */
const OWN = new Set([
  "query",
  "database",
  "default_format",
  "query_id",
  "session_id",
  "session_timeout",
  "session_check",
  "user",
  "password",
  "role",
  "quota_key",
  "compress",
  "decompress",
  "stacktrace",
  "wait_end_of_query",
  "buffer_size",
  "enable_http_compression",
  "http_zlib_compression_level",
  "client_protocol_version",
  // Progress headers need an engine that reports while it runs.
  "send_progress_in_http_headers",
  "http_headers_progress_interval_ms",
  "cancel_http_readonly_queries_on_client_close",
]);

export interface ParsedRequest {
  statement: Statement;
  queryId: string | null;
  /** The client asked for a compressed answer and understands gzip. */
  gzip: boolean;
}

/**
 * One HTTP request as a statement: the SQL is the `query` parameter, or the body; with both, the body is the data of an INSERT. A GET may only
 * read, as in ClickHouse.
 */
export async function parseRequest(request: IncomingMessage): Promise<ParsedRequest> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (name.startsWith("param_")) params.set(name.slice(6), value);
    else if (!OWN.has(name)) settings.set(name, value);
  }
  if (request.method === "GET") settings.set("readonly", "2");
  const contentType = String(request.headers["content-type"] ?? "");
  let body = await readBody(request);
  let query = url.searchParams.get("query") ?? "";
  if (/^multipart\/form-data\b/i.test(contentType)) {
    // Parameters too long for a URL come as fields of a form.
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
    for (const [name, value] of form) {
      const text = typeof value === "string" ? value : await value.text();
      if (name === "query") query = text;
      else if (name.startsWith("param_")) params.set(name.slice(6), text);
    }
    body = Buffer.alloc(0);
  }
  const sql = query === "" ? body.toString("utf8") : query;
  if (sql.trim() === "") throw new RequestError(400, 62, "Syntax error: Empty query. (SYNTAX_ERROR)");
  const accepts = String(request.headers["accept-encoding"] ?? "");
  return {
    statement: {
      sql,
      data: query !== "" && body.length > 0 ? body : null,
      format: url.searchParams.get("default_format") ?? "TabSeparated",
      database: url.searchParams.get("database") || String(request.headers["x-clickhouse-database"] ?? "default"),
      params,
      settings,
    },
    queryId: url.searchParams.get("query_id"),
    gzip: url.searchParams.get("enable_http_compression") === "1" && /\bgzip\b/.test(accepts),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = String(request.headers["content-encoding"] ?? "identity");
  if (encoding !== "identity" && encoding !== "gzip") {
    throw new RequestError(400, 436, `Unknown Content-Encoding ${encoding}: gzip or none is expected. (BAD_ARGUMENTS)`);
  }
  const source = encoding === "gzip" ? request.pipe(createGunzip()) : request;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new RequestError(413, 307, `The body has more than ${MAX_BODY_BYTES} bytes. (TOO_MANY_BYTES)`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
