import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressRange, callerAddress, isTrustedPeer } from "~/server/addresses";
import { ADDRESS_HEADER } from "~/server/services/access/request-facts";
import { securityHeaders } from "./security-headers";

/**
 * How long a request may take to arrive, its body with it, ms. Node answers 408 and closes; it looks every 30 s.
 * `MAX_BATCH_BYTES` in this time need 2.2 Mbit/s.
 */
const ARRIVAL_MS = 120_000;
/** How long the head of a request may take, ms. */
const HEAD_MS = 20_000;
/** How long a body may bring nothing, ms; noticed within twice that. */
const SILENCE_MS = 15_000;

/** How a proxy says what the browser asked for: they decide what counts as our own site. */
const PROXY_HEADERS = ["x-forwarded-host", "x-forwarded-proto"] as const;

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

/**
 * Sees every request before Next does, by the channel on which Node announces them, so that it works however the server
 * was started. It notes the caller's address, which route handlers are not told, takes away what only a trusted proxy
 * may say of host and scheme, and puts the security headers on whatever will be answered.
 */
export function watchArrivals(input: {
  trusted: readonly AddressRange[];
  isDevelopment: boolean;
  silenceMs?: number;
}): void {
  const headers = securityHeaders(input);
  subscribe("http.server.request.start", (message) => {
    const { request, response, server } = message as Arrival;
    server.requestTimeout = ARRIVAL_MS;
    server.headersTimeout = HEAD_MS;
    const forwardedFor = request.headers["x-forwarded-for"] as string | undefined;
    const peer = request.socket.remoteAddress;
    // Whatever the caller wrote there itself goes.
    request.headers[ADDRESS_HEADER] = callerAddress({ peer, forwardedFor, trusted: input.trusted }) ?? "";
    // Next fills them in anew, with what it knows itself.
    if (!isTrustedPeer(peer, input.trusted)) for (const name of PROXY_HEADERS) delete request.headers[name];
    for (const [name, value] of headers) response.setHeader(name, value);
    if (hasBody(request)) endSilent({ request, response }, input.silenceMs ?? SILENCE_MS);
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Ends a connection whose body has stopped coming, as Node ends one that takes too long. */
function endSilent({ request, response }: Pick<Arrival, "request" | "response">, silenceMs: number): void {
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete || response.writableEnded) return clearInterval(timer);
    const isSilent = socket.bytesRead === before;
    before = socket.bytesRead;
    if (!isSilent) return;
    if (!response.headersSent) socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
    socket.destroySoon();
  }, silenceMs).unref();
  response.once("close", () => clearInterval(timer));
}
