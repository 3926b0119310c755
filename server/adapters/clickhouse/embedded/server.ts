import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Engine } from "./engine";
import { parseRequest, RequestError } from "./request";

/** HTTP status by ClickHouse error code, as its own server answers; 500 for the rest. */
const STATUS: Readonly<Record<string, number>> = {
  36: 400,
  46: 404,
  47: 404,
  60: 404,
  62: 400,
  81: 404,
  158: 507,
  159: 408,
  160: 408,
  164: 403,
  192: 403,
  241: 500,
  307: 413,
  394: 499,
  436: 400,
  497: 403,
  516: 401,
};

/** `SELECT` and its kin answer rows and may be long; everything else runs to its end before it answers. */
const READS =
  /^[\s(]*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*\(*\s*(?:SELECT|WITH|SHOW|DESC|DESCRIBE|EXISTS|EXPLAIN|CHECK)\b/i;

/** ClickHouse's HTTP interface over the embedded engine. `password` empty: anybody who reaches the port may ask. */
export function createInterface(engine: Engine, input: { password: string }): Server {
  return createServer((request, response) => {
    answer({ engine, request, response, password: input.password }).catch((error) => fail(response, error));
  });
}

async function answer(call: {
  engine: Engine;
  request: IncomingMessage;
  response: ServerResponse;
  password: string;
}): Promise<void> {
  const { engine, request, response } = call;
  const path = (request.url ?? "/").split("?", 1)[0];
  if (path === "/ping") {
    response.writeHead(200, { "content-type": "text/plain; charset=UTF-8" }).end("Ok.\n");
    return;
  }
  if (path !== "/") throw new RequestError(404, 0, `There is no handle ${path}.`);
  if (!mayAsk(request, call.password)) {
    throw new RequestError(401, 516, "default: Authentication failed. (AUTHENTICATION_FAILED)");
  }
  const { statement, queryId, gzip } = await parseRequest(request);
  response.setHeader("X-ClickHouse-Query-Id", queryId ?? randomUUID());
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  response.setHeader("X-ClickHouse-Server-Display-Name", "embedded");
  if (statement.data !== null || !READS.test(statement.sql)) {
    const bytes = await engine.execute(statement);
    response.setHeader("X-ClickHouse-Summary", "{}");
    response.writeHead(200, { "content-type": "text/plain; charset=UTF-8" }).end(bytes);
    return;
  }
  const chunks = engine.read(statement);
  // The first chunk decides: an error before it has a status of its own, one after it can only break the answer off.
  const first = await chunks.next();
  response.setHeader("X-ClickHouse-Format", formatOf(statement.sql) ?? statement.format);
  if (gzip) response.setHeader("content-encoding", "gzip");
  response.writeHead(200, { "content-type": "application/octet-stream" });
  const body = Readable.from(rest(first, chunks), { objectMode: false });
  await (gzip ? pipeline(body, createGzip({ level: 1 }), response) : pipeline(body, response));
}

async function* rest(
  first: IteratorResult<Uint8Array, unknown>,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.done) return;
    yield first.value;
    yield* chunks;
  } finally {
    await chunks.return(undefined);
  }
}

function formatOf(sql: string): string | null {
  return /\bFORMAT\s+(\w+)\s*;?\s*$/i.exec(sql)?.[1] ?? null;
}

function mayAsk(request: IncomingMessage, password: string): boolean {
  if (password === "") return true;
  const basic = /^Basic (.+)$/.exec(String(request.headers.authorization ?? ""))?.[1];
  const given = basic
    ? Buffer.from(basic, "base64")
        .toString("utf8")
        .replace(/^[^:]*:/, "")
    : request.headers["x-clickhouse-key"];
  return given === password;
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = /^Code: (\d+)\./.exec(message)?.[1] ?? "1002";
  if (response.headersSent) {
    // Half an answer must not look whole.
    response.destroy();
    return;
  }
  const status = error instanceof RequestError ? error.status : (STATUS[code] ?? 500);
  response.setHeader("X-ClickHouse-Exception-Code", code);
  response.writeHead(status, { "content-type": "text/plain; charset=UTF-8" });
  response.end(`${/^Code: /.test(message) ? message : `Code: ${code}. DB::Exception: ${message}`}\n`);
}
