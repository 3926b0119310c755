import { subscribe } from "node:diagnostics_channel";
import { maxHeaderSize, Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { AppError } from "~/server/domain/errors";
import { requestIdOf } from "~/server/services/access/request-headers";
import { problemOf, problemResponse } from "./problem";
import { API_POLICY, SECURITY_HEADERS } from "./security-headers";

/*
 * If the address and headers of a request are larger than Node's limit, Node refuses the request and does not emit it.
 * By default it answers without a body.
 */

const watched = new WeakSet<Server>();
/** Sockets whose request was refused. Node reports each further part of such a request as another error. */
const refused = new WeakSet<Socket>();
/** How long data that the client still sends is read after the answer, ms. */
const DRAIN_MS = 1000;

/** The statuses with which Node answers other errors by default, without headers. For errors not listed, it is 400. */
const OTHERS: Readonly<Record<string, string>> = {
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

type ParserError = Error & { code?: string; rawPacket?: Buffer };
/** `_httpMessage` is the answer that the socket is sending. */
type HttpSocket = Socket & { server?: unknown; _httpMessage?: ServerResponse | null };

/** Answers a head that is too large with a problem document, on every HTTP server of this process. */
export function answerLongHeads(): void {
  subscribe("net.server.socket", (message) => {
    const { server } = (message as { socket: HttpSocket }).socket;
    if (!(server instanceof Server) || watched.has(server)) return;
    watched.add(server);
    server.on("clientError", (error: ParserError, socket) => refuse(error, socket as HttpSocket));
  });
}

function refuse(error: ParserError, socket: HttpSocket): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  // Another text would damage an answer of which a part was sent.
  const isSending = socket._httpMessage?.headersSent ?? false;
  if (!socket.writable || isSending) return void socket.destroy(error);
  socket.end(
    error.code === "HPE_HEADER_OVERFLOW"
      ? problemText(error)
      : `HTTP/1.1 ${OTHERS[error.code ?? ""] ?? "400 Bad Request"}\r\nConnection: close\r\n\r\n`,
  );
  // Closing a socket with unread data resets the connection, and the client can lose the answer.
  const drain = setTimeout(() => socket.destroy(), DRAIN_MS);
  socket.once("close", () => clearTimeout(drain));
}

function problemText({ rawPacket }: ParserError): string {
  const [, instance = "/"] = /^[A-Z]+ (\/[!-~]{0,1000}?)[? ]/.exec(rawPacket?.toString("latin1") ?? "") ?? [];
  const message =
    `The address and the headers together are larger than ${maxHeaderSize} bytes. ` +
    "Shorten the address, for example with fewer filters, or send fewer or smaller headers and cookies.";
  const error = new AppError("head_too_large", message, { details: { maxBytes: maxHeaderSize } });
  const problem = { error, instance, requestId: requestIdOf(new Headers()) };
  const body = JSON.stringify(problemOf(problem));
  const headers = [
    ...problemResponse(problem).headers,
    ...SECURITY_HEADERS,
    ["content-security-policy", API_POLICY],
    ["content-length", String(Buffer.byteLength(body))],
    ["connection", "close"],
  ].map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 431 Request Header Fields Too Large\r\n${headers.join("")}\r\n${body}`;
}
