import { randomBytes } from "node:crypto";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Engine } from "./engine";
import { toFailure } from "./errors";
import type { Call } from "./request";

/** Formats in which the concatenated chunks of an answer are a valid answer. */
const CHUNKABLE = new Set(
  [
    ...["JSONEachRow", "JSONLines", "NDJSON", "JSONCompactEachRow", "JSONStringsEachRow", "JSONCompactStringsEachRow"],
    ...["TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "Raw", "TSKV", "CSV", "LineAsString"],
    ...["RowBinary", "Native", "MsgPack", "RawBLOB", "Null"],
  ].map((name) => name.toLowerCase()),
);

/** Statements whose answer the engine can stream. */
const STREAMED_STATEMENTS = new Set(["SELECT", "WITH"]);

export interface Reply {
  engine: Engine;
  call: Call;
  response: ServerResponse;
  signal: AbortSignal;
}

/** Runs the statement and sends its answer. Throws only if nothing was sent yet. */
export async function reply({ engine, call, response, signal }: Reply): Promise<void> {
  const { statement, shape } = call;
  const started = performance.now();
  const format = shape.format ?? statement.format;
  const headers = (summary: Record<string, number>): OutgoingHttpHeaders => ({
    "Content-Type": "text/plain; charset=UTF-8",
    "X-ClickHouse-Format": format,
    "X-ClickHouse-Summary": JSON.stringify({ ...summaryOf(summary), elapsed_ns: nanoseconds(started) }),
    ...(call.gzipLevel === null ? {} : { "Content-Encoding": "gzip" }),
  });
  const isStreamed =
    STREAMED_STATEMENTS.has(shape.firstWord) &&
    !shape.isWholeOnly &&
    !call.waitsForEnd &&
    // These settings add text around the whole answer, so its chunks cannot be concatenated.
    !statement.settings.has("output_format_json_array_of_rows") &&
    !statement.settings.has("extremes") &&
    CHUNKABLE.has(format.toLowerCase());

  if (!isStreamed) {
    const { bytes, rows } = await engine.queryAll(statement, signal);
    const summary: Record<string, number> = call.rows
      ? { read_rows: rows, read_bytes: call.rows.bytes, written_rows: rows, written_bytes: call.rows.bytes }
      : { read_rows: rows, result_rows: rows, result_bytes: bytes.length };
    response.writeHead(200, headers(summary));
    await send(response, Readable.from([bytes]), call.gzipLevel);
    return;
  }
  const chunks = engine.queryChunks(statement, signal);
  // An error before the first chunk gets an HTTP status; a later error must be reported in the body.
  const first = await chunks.next();
  const tag = randomBytes(8).toString("hex");
  response.writeHead(200, { ...headers({}), "X-ClickHouse-Exception-Tag": tag });
  const body = Readable.from(withErrorMark({ first, chunks, tag, version: engine.version }), { objectMode: false });
  await send(response, body, call.gzipLevel);
}

/**
 * Yields the chunks. If the query fails after the first chunk, appends ClickHouse's exception mark, so that the client
 * recognizes a partial answer.
 */
async function* withErrorMark(input: {
  first: IteratorResult<Uint8Array, unknown>;
  chunks: AsyncGenerator<Uint8Array>;
  tag: string;
  version: string;
}): AsyncGenerator<Uint8Array> {
  const { first, chunks, tag, version } = input;
  if (first.done) return;
  try {
    yield first.value;
    yield* chunks;
  } catch (error) {
    const text = Buffer.from(`${toFailure(error, version).text}\n`);
    const before = `\r\n__exception__\r\n${tag}\r\n`;
    yield Buffer.concat([Buffer.from(before), text, Buffer.from(`${text.length} ${tag}\r\n__exception__\r\n`)]);
  } finally {
    await chunks.return(undefined);
  }
}

async function send(response: ServerResponse, body: Readable, gzipLevel: number | null): Promise<void> {
  try {
    await (gzipLevel === null ? pipeline(body, response) : pipeline(body, createGzip({ level: gzipLevel }), response));
  } catch {
    // The headers were sent, so an error can only be reported by a broken connection.
    response.destroy();
  }
}

/** ClickHouse's format: numbers as strings. */
function summaryOf(known: Record<string, number>): Record<string, string> {
  const names = ["read_rows", "read_bytes", "written_rows", "written_bytes", "total_rows_to_read", "result_rows"];
  return Object.fromEntries([...names, "result_bytes"].map((name) => [name, String(known[name] ?? 0)]));
}

function nanoseconds(started: number): string {
  return String(Math.round((performance.now() - started) * 1e6));
}
