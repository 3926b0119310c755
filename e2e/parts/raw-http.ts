import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { expect } from "@playwright/test";

export interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** The loopback address that the request comes from. Only 127.0.0.1 is a trusted proxy of the stack. */
  from?: string;
}

export interface Answered {
  /** The method and the path, for failure messages. */
  what: string;
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

/**
 * Text that no answer but pages and built files may contain: stack traces, file paths, and names of error classes or of
 * server software.
 */
const LEAKS = /\n\s+at .+:\d+|node_modules|\/server\/|\.next\/|x-powered-by|SyntaxError|TypeError|DB::Exception|ECONN/i;

/** Of a larger body, this many bytes are sent first, and the rest only if no answer comes within REFUSAL_MS. */
const FIRST_BYTES = 64 * 1024;
const REFUSAL_MS = 2000;

/** An HTTP client that sends headers unchanged. `send` checks that an answer is no 5xx and contains no internals. */
export function rawHttp(address: string) {
  const { hostname, port, host } = new URL(address);

  function open(sent: Sent): Promise<IncomingMessage> {
    const { method = "GET", path, headers = {}, body, from } = sent;
    return new Promise((done, fail) => {
      const length: Record<string, string> =
        body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const options = { hostname, port, path, method, localAddress: from, agent: false as const };
      const request = httpRequest({ ...options, headers: { host, ...length, ...headers } }, done);
      request.on("error", fail);
      const bytes = Buffer.from(body ?? "");
      if (bytes.length <= FIRST_BYTES) return request.end(bytes);
      // If the server refuses the length, it does not read the body: writing the rest would reset the connection
      // before the answer arrives.
      request.write(bytes.subarray(0, FIRST_BYTES));
      const sendRest = setTimeout(() => request.end(bytes.subarray(FIRST_BYTES)), REFUSAL_MS);
      request.once("response", () => clearTimeout(sendRest));
    });
  }

  async function send(sent: Sent): Promise<Answered> {
    const response = await open(sent);
    const what = `${sent.method ?? "GET"} ${sent.path.slice(0, 120)}`;
    let text = "";
    try {
      for await (const chunk of response) text += chunk;
    } catch {
      // The server closed the connection after its answer, because the rest of the body was not sent.
    }
    const { statusCode: status = 0, headers } = response;
    expect(status, `${what}: ${text.slice(0, 300)}`).toBeLessThan(500);
    const isFile = sent.path.startsWith("/_next/static/");
    const isPage = headers["content-type"]?.startsWith("text/html");
    if (!isFile && !isPage) expect(text, what).not.toMatch(LEAKS);
    expect(headers, what).not.toHaveProperty("x-powered-by");
    expect(headers, what).not.toHaveProperty("server");
    return { what, status, headers, text };
  }

  /** Writes bytes to a connection. Returns all that the server sends before it closes the connection. */
  async function write(bytes: string | Buffer): Promise<string> {
    const socket = connect(Number(port), hostname);
    // The server may reset the connection after its answer. A missing answer fails the caller's expectations.
    socket.on("error", () => {});
    socket.write(bytes);
    let text = "";
    for await (const chunk of socket) text += chunk;
    return text;
  }

  return { address, send, open, write, connect: () => connect(Number(port), hostname) };
}

export type RawHttp = ReturnType<typeof rawHttp>;

/** The `name=value` pairs of the cookies that an answer sets, as a `Cookie` header. */
export const cookiesOf = ({ headers }: Answered) =>
  (headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
