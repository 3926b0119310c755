import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressRange, callerAddress, isInRanges } from "~/server/addresses";
import { ADDRESS_HEADER, isForwardedHttps } from "~/server/services/access/request-headers";
import { isApiAddress, originForm } from "./address";
import { API_POLICY, NONCE_HEADER, pagePolicy, SECURITY_HEADERS, transportSecurity } from "./security-headers";

/**
 * Time limit for a whole request to arrive, body included, ms. Node answers 408 and closes; it checks every 30 s.
 * `MAX_BATCH_BYTES` in this time need 2.2 Mbit/s.
 */
const ARRIVAL_MS = 120_000;
/** Time limit for the head of a request, ms. */
const HEAD_MS = 20_000;
/** Time without data after which a request body counts as stalled, ms. It is noticed within twice that time. */
const SILENCE_MS = 15_000;

/** Headers by which a proxy reports the browser's host and scheme. They decide what is same-origin. */
const PROXY_HEADERS = ["x-forwarded-host", "x-forwarded-proto"] as const;

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

/**
 * Observes every request before Next does, through Node's diagnostics channel, so that it works however the server was
 * started. It stores the caller's address, which route handlers cannot see, removes proxy headers of untrusted peers,
 * and sets the security headers on every answer.
 */
export function watchArrivals(input: {
  trusted: readonly AddressRange[];
  isDevelopment: boolean;
  /** Whether browsers must use HTTPS for subdomains of this host too, once they have used it here. */
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
    // Replaces a value that the caller sent itself.
    request.headers[ADDRESS_HEADER] = callerAddress({ peer, forwardedFor, trusted: input.trusted }) ?? "";
    // Next sets these again from the request itself.
    if (!isInRanges(peer, input.trusted)) for (const name of PROXY_HEADERS) delete request.headers[name];
    response.setHeader("content-security-policy", policyFor(request, input.isDevelopment));
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    if (cameByHttps(request)) response.setHeader("strict-transport-security", hsts);
    if (hasBody(request)) closeStalled({ request, response }, input.silenceMs ?? SILENCE_MS);
  });
}

/** The policy of the answer. A page's scripts get the nonce from the request: Next reads it from the policy there. */
function policyFor(request: IncomingMessage, isDevelopment: boolean): string {
  if (isApiAddress(originForm(request.url ?? "/"))) return API_POLICY;
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy({ nonce, isDevelopment });
  request.headers["content-security-policy"] = policy;
  request.headers[NONCE_HEADER] = nonce;
  return policy;
}

/** Whether the browser used HTTPS: to a trusted proxy, the only one whose header is left, or to this process. */
function cameByHttps({ headers, socket }: IncomingMessage): boolean {
  return "encrypted" in socket || isForwardedHttps(headers["x-forwarded-proto"] as string | undefined);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Closes a connection whose body has stopped arriving, as Node does for a request that takes too long. */
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
