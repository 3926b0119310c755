import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { AppError } from "~/server/domain/errors";
import { ADDRESS_HEADER, requestIdOf } from "~/server/services/access/request-headers";
import { ALLOWED_METHODS, isApiAddress, isPlainAddress, isServedMethod, originForm } from "./address";
import { problemResponse } from "./problem";
import { queryFault } from "./request";
import type { RequestRate } from "./request-rate";
import { isRouterState } from "./router-state";

/*
 * If Next cannot read a request line or certain headers, it answers with 500 or a redirect before our code runs. The
 * guard below refuses such requests first. It also limits the rate of requests to the APIs.
 */

const guarded = new WeakSet<Server>();

/** Installs the guard in front of every HTTP server of this process. */
export function guardServers({ rate }: { rate: RequestRate }): void {
  // Node publishes this message before it emits `request`, so the guard also gets the first request of a server.
  subscribe("http.server.request.start", (message) => {
    const { server } = message as { server: Server };
    if (guarded.has(server)) return;
    guarded.add(server);
    const listeners = server.listeners("request") as ((request: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners("request");
    const pass = (request: IncomingMessage, response: ServerResponse) => {
      for (const listener of listeners) listener.call(server, request, response);
    };
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      request.url = originForm(request.url ?? "/");
      const refused = refusalOf(request);
      if (!isApiAddress(request.url))
        return refused ? void refuse(request, response, refused) : pass(request, response);
      void rateRefusal({ request, response, rate }).then((overLimit) => {
        const refusal = overLimit ?? refused;
        if (refusal) return refuse(request, response, refusal);
        pass(request, response);
      });
    });
  });
}

interface Refusal {
  error: AppError;
  headers?: Record<string, string>;
}

function refusalOf(request: IncomingMessage): Refusal | null {
  if (!isServedMethod(request.method)) {
    const error = new AppError("method_not_allowed", `${request.method} is not supported.`);
    return { error, headers: { allow: ALLOWED_METHODS } };
  }
  if (!isPlainAddress(request.url ?? "/")) {
    return { error: new AppError("not_found", "There is no resource at this address.") };
  }
  if (!isRouterState(request.headers["next-router-state-tree"])) {
    return { error: new AppError("body_invalid", "The header Next-Router-State-Tree is not valid.") };
  }
  const error = isApiAddress(request.url ?? "/") ? queryFault(request.url ?? "/") : null;
  return error && { error };
}

/** Counts a request and sets the rate limit headers of its response. Returns the refusal if a limit is exceeded. */
async function rateRefusal(given: {
  request: IncomingMessage;
  response: ServerResponse;
  rate: RequestRate;
}): Promise<Refusal | null> {
  const { headers: sent } = given.request;
  const address = (sent[ADDRESS_HEADER] as string | undefined) || null;
  const { headers, retryAfterSeconds } = await given.rate.count({ address, authorization: sent.authorization });
  for (const [name, value] of Object.entries(headers)) given.response.setHeader(name, value);
  if (retryAfterSeconds === null) return null;
  const message = `Too many requests. Try again in ${retryAfterSeconds} s.`;
  return { error: new AppError("rate_limited", message, { details: { retryAfterSeconds } }) };
}

async function refuse(request: IncomingMessage, response: ServerResponse, { error, headers }: Refusal): Promise<void> {
  const sentId = request.headers["x-request-id"];
  const requestId = requestIdOf(new Headers(typeof sentId === "string" ? { "x-request-id": sentId } : {}));
  const instance = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const answer = problemResponse({ error, instance, requestId, headers });
  // The body stays unread, so the connection cannot be reused.
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: "close" });
  response.end(request.method === "HEAD" ? undefined : await answer.text());
}
