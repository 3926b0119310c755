import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressRange, callerAddress, isInRanges } from "~/server/addresses";
import { ADDRESS_HEADER, isForwardedHttps } from "~/server/services/access/request-headers";
import { isApiAddress, originForm } from "./address";
import { API_POLICY, NONCE_HEADER, pagePolicy, SECURITY_HEADERS, transportSecurity } from "./security-headers";

/**
 * Time limit for a whole request to arrive, body included. After it, Node answers 408. A body of `MAX_BATCH_BYTES`
 * needs 2.2 Mbit/s.
 */
const ARRIVAL_MS = 120_000;
/** Time limit for the head of a request. */
const HEAD_MS = 20_000;
/** A body of which no data arrives for this time is stalled. Its connection is closed within twice this time. */
const SILENCE_MS = 15_000;

/** Headers by which a proxy reports the browser's host and scheme. */
const PROXY_HEADERS = ["x-forwarded-host", "x-forwarded-proto"] as const;

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

/**
 * Prepares every request before Next sees it: stores the caller's address in a header, removes the host and the scheme
 * that an untrusted peer reports, sets the security headers of the answer, and closes the connection of a stalled body.
 */
export function watchArrivals(input: {
  trusted: readonly AddressRange[];
  isDevelopment: boolean;
  /** Whether browsers must also use HTTPS for subdomains of this host. */
  hstsSubdomains?: boolean;
  silenceMs?: number;
}): void {
  const hsts = transportSecurity({ subdomains: input.hstsSubdomains ?? true });
  subscribe("http.server.request.start", (message) => {
    const { request, response, server } = message as Arrival;
    server.requestTimeout = ARRIVAL_MS;
    server.headersTimeout = HEAD_MS;
    const forwardedFor = request.headers["x-forwarded-for"] as string | undefined;
    const peer = request.socket.remoteAddress;
    // Replaces a value from the caller.
    request.headers[ADDRESS_HEADER] = callerAddress({ peer, forwardedFor, trusted: input.trusted }) ?? "";
    // Next then sets these headers from the request itself.
    if (!isInRanges(peer, input.trusted)) for (const name of PROXY_HEADERS) delete request.headers[name];
    response.setHeader("content-security-policy", policyFor(request, input.isDevelopment));
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    if (cameByHttps(request)) response.setHeader("strict-transport-security", hsts);
    if (hasBody(request)) closeStalled({ request, response }, input.silenceMs ?? SILENCE_MS);
  });
}

/** The policy of the answer. A page's policy is also set on the request, because Next reads the nonce from there. */
function policyFor(request: IncomingMessage, isDevelopment: boolean): string {
  if (isApiAddress(originForm(request.url ?? "/"))) return API_POLICY;
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy({ nonce, isDevelopment });
  request.headers["content-security-policy"] = policy;
  request.headers[NONCE_HEADER] = nonce;
  return policy;
}

/** Whether the browser used HTTPS, to this process or to a trusted proxy. Headers of other proxies were removed. */
function cameByHttps({ headers, socket }: IncomingMessage): boolean {
  return "encrypted" in socket || isForwardedHttps(headers["x-forwarded-proto"] as string | undefined);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Closes the connection if no data arrives for `silenceMs`. Answers 408 first, unless an answer has begun. */
function closeStalled({ request, response }: Pick<Arrival, "request" | "response">, silenceMs: number): void {
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete || response.writableEnded) return clearInterval(timer);
    const isSilent = socket.bytesRead === before;
    before = socket.bytesRead;
    if (!isSilent) return;
    if (!response.headersSent) {
      const headers = Object.entries(response.getHeaders()).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 408 Request Timeout\r\n${headers.join("")}Connection: close\r\n\r\n`);
    }
    socket.destroySoon();
  }, silenceMs).unref();
  response.once("close", () => clearInterval(timer));
}
