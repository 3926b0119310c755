import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { reply } from "./answer";
import type { Spool } from "./body";
import type { Engine } from "./engine";
import { Refusal, statusOf, toFailure } from "./errors";
import { type Call, readCall } from "./request";

/** Longer than the client keeps an idle socket (2.5 s), so that the client never sends on a closing socket. */
const KEEP_ALIVE_MS = 10_000;

export interface HttpInterface {
  server: Server;
  /** Kills the running reads. Running writes continue. */
  killReads(): void;
}

/** ClickHouse's HTTP interface over the embedded engine. With an empty `password` every client is accepted. */
export function createHttpInterface(input: { engine: Engine; spool: Spool; password: string }): HttpInterface {
  const { engine, spool, password } = input;
  const running = new Map<string, AbortController>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("X-ClickHouse-Server-Display-Name", "embedded");
    const path = (request.url ?? "/").split("?", 1)[0];
    // ClickHouse answers GET / without parameters like a ping.
    if (path === "/ping" || (request.method === "GET" && request.url === "/"))
      return void sendText(response, 200, "Ok.\n");
    if (path !== "/") return void sendText(response, 404, `There is no handle ${path}\n`);
    if (!isAuthorized(request, password)) {
      throw new Refusal(516, "AUTHENTICATION_FAILED", "default: Authentication failed: password is incorrect.");
    }
    const call = await readCall(request, spool);
    try {
      await run(call, response);
    } finally {
      await call.rows?.remove();
    }
  }

  async function run(call: Call, response: ServerResponse): Promise<void> {
    const { queryId } = call.statement;
    if (running.has(queryId)) {
      throw new Refusal(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", `Query with id = ${queryId} is already running.`);
    }
    const abort = new AbortController();
    running.set(queryId, abort);
    response.on("close", () => abort.abort());
    response.setHeader("X-ClickHouse-Query-Id", queryId.replace(/[^\x20-\x7e]/g, "?"));
    response.setHeader("X-ClickHouse-Timezone", engine.timezone);
    try {
      await reply({ engine, call, response, signal: abort.signal });
    } finally {
      running.delete(queryId);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const { code, text } = toFailure(error, engine.version);
      response.setHeader("X-ClickHouse-Exception-Code", code);
      sendText(response, statusOf(code), `${text}\n`);
      // Reads the rest of the upload, so that it is not parsed as the next request.
      request.resume();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // A large insert may take any time to arrive.
  server.requestTimeout = 0;
  return {
    server,
    killReads() {
      for (const abort of running.values()) abort.abort();
    },
  };
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=UTF-8" }).end(text);
}

/** Checks the password in the Basic authorization, in ClickHouse's header, or in the URL. */
function isAuthorized(request: IncomingMessage, password: string): boolean {
  if (password === "") return true;
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const url = new URL(request.url ?? "/", "http://localhost").searchParams;
  const actual = basic
    ? Buffer.from(basic, "base64")
        .toString("utf8")
        .replace(/^[^:]*:/, "")
    : String(request.headers["x-clickhouse-key"] ?? url.get("password") ?? "");
  const [a, b] = [Buffer.from(actual), Buffer.from(password)];
  return a.length === b.length && timingSafeEqual(a, b);
}
