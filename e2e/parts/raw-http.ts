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

/** Text that only an unhandled error, or a program's own name, would put into an answer. */
const LEAKS = /\n\s+at .+:\d+|node_modules|\/server\/|\.next\/|x-powered-by|SyntaxError|TypeError|DB::Exception|ECONN/i;

/** A larger body is sent in two parts: the rest only if there is no answer to the first part. */
const FIRST_BYTES = 64 * 1024;
/** How long to wait for a refusal before the rest of a body is sent. */
const REFUSAL_MS = 2000;

/** An HTTP client that sends headers as they are. `send` checks each answer: no 5xx, and no internals. */
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
      // A body that is refused by its length is not read, and writing the rest would lose the answer.
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
      // Closed after the answer, because the rest of the body was not sent.
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
