import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer, type Server as HttpServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createSyslogReceiver } from "~/server/adapters/audit-stream/syslog";
import { createWebhookReceiver } from "~/server/adapters/audit-stream/webhook";
import { CHAIN_START, nextLink } from "~/server/domain/audit/chain";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { newAuditId } from "~/server/new-audit-id";
import type { AuditReceiver } from "~/server/ports/audit-receiver";
import { renderMetrics } from "~/server/services/monitoring";
import { makeCertificate } from "~/server/testing/certificate";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createAuditStream } from "./stream";

const SECRET = "0123456789abcdef0123456789abcdef";

let stack: TestStack;
let dir: string;
let servers: (HttpServer | Server)[] = [];
let receivers: AuditReceiver[] = [];
beforeAll(async () => {
  stack = await startTestStack();
  dir = await mkdtemp(join(tmpdir(), "audit-stream-"));
}, 120_000);
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await stack?.stop();
});
afterEach(async () => {
  for (const receiver of receivers) await receiver.close();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  [servers, receivers] = [[], []];
});

let madeCount = 0;
async function append(count: number, over: object = {}): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const at = Date.now();
    madeCount += 1;
    const entry = {
      id: newAuditId(at),
      at,
      actor: "ana",
      via: "session",
      action: "schedule.edit",
      target: `t${madeCount}`,
    };
    await stack.deps.hot.append(DOCUMENT_KIND.auditEntry, JSON.stringify({ ...entry, ...over }));
  }
  await recordAll(stack.deps, 0);
}

async function listen<T extends HttpServer | Server>(server: T): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const streamTo = (receiver: AuditReceiver) => {
  receivers.push(receiver);
  return createAuditStream(stack.deps, receiver);
};

interface Sent {
  chain: number;
  seq: number;
  hash: string;
  entry: Record<string, unknown>;
}

async function metric(name: string, stream: string): Promise<number> {
  const text = await renderMetrics({ ctx: stack.ctx });
  const [, value] = new RegExp(`^${name}\\{stream="${stream}"\\} (\\S+)$`, "m").exec(text) ?? [];
  return Number(value);
}

describe("the webhook", () => {
  /** A server that answers with the given statuses in turn, and then with 200. */
  async function startServer(statuses: number[] = []) {
    const posts: { headers: IncomingHttpHeaders; body: string; status: number }[] = [];
    const server = createHttpServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        const status = statuses.shift() ?? 200;
        posts.push({ headers: request.headers, body, status });
        response.writeHead(status).end("busy");
      });
    });
    const url = `http://127.0.0.1:${await listen(server)}/audit`;
    const taken = () =>
      posts
        .filter(({ status }) => status === 200)
        .flatMap(({ body }) => (JSON.parse(body) as { entries: Sent[] }).entries);
    return { url, posts, taken };
  }

  it("gets every entry in order, with a signature and a verifiable chain", async () => {
    await append(250);
    const { url, posts, taken } = await startServer();
    const stream = streamTo(createWebhookReceiver({ url, secret: SECRET }));
    expect(await stream.once()).toBe(true);
    expect(await metric("stufio_audit_stream_behind", "webhook")).toBe(51);
    expect(await stream.once()).toBe(false);
    expect(await stream.once()).toBe(false);
    expect(posts).toHaveLength(2);
    const all = taken();
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 251 }, (_, n) => n + 1));
    let link = CHAIN_START;
    for (const { entry, seq, hash } of all) {
      link = nextLink(link, JSON.stringify(entry));
      expect(link).toEqual({ seq, hash });
    }
    for (const { headers, body } of posts) {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      const expected = createHmac("sha256", SECRET).update(signed).digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    }
    expect(await metric("stufio_audit_stream_behind", "webhook")).toBe(0);
    expect(await metric("stufio_audit_stream_lag_seconds", "webhook")).toBe(0);
  });

  it("gets entries again after a failure, under the same id, also from another process", async () => {
    await append(3);
    const { url, posts, taken } = await startServer([503, 302]);
    const receiver = createWebhookReceiver({ url, secret: SECRET });
    const stream = streamTo(receiver);
    await expect(stream.once()).rejects.toThrow("The audit webhook answered 503: busy");
    expect(await metric("stufio_audit_stream_failing", "webhook")).toBe(1);
    expect(await metric("stufio_audit_stream_behind", "webhook")).toBe(3);
    expect(await metric("stufio_audit_stream_lag_seconds", "webhook")).toBeGreaterThan(0);
    await expect(stream.once()).rejects.toThrow("answered 302");
    const other = createAuditStream(await stack.another(), receiver);
    await other.once();
    expect(new Set(posts.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(taken().map(({ entry }) => entry.target)).toEqual([
      `t${madeCount - 2}`,
      `t${madeCount - 1}`,
      `t${madeCount}`,
    ]);
    await other.once();
    expect(posts).toHaveLength(3);
    expect(await metric("stufio_audit_stream_failing", "webhook")).toBe(0);
  });

  it("that does not answer causes an error with the reason", async () => {
    await append(1);
    const { url } = await startServer();
    const server = servers.pop() as HttpServer;
    await new Promise((resolve) => server.close(resolve));
    await expect(streamTo(createWebhookReceiver({ url, secret: SECRET })).once()).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("the syslog server", () => {
  /** A frame is the length in bytes, a blank and the message. */
  function framesOf(received: Buffer): string[] {
    const frames: string[] = [];
    let rest = received;
    while (rest.length > 0) {
      const blank = rest.indexOf(" ");
      const length = Number(rest.subarray(0, blank).toString());
      frames.push(rest.subarray(blank + 1, blank + 1 + length).toString());
      rest = rest.subarray(blank + 1 + length);
    }
    return frames;
  }

  async function startServer(tls: { key: string; cert: string } | null = null) {
    let received = Buffer.alloc(0);
    const sockets: Socket[] = [];
    let onData = () => {};
    const onConnection = (socket: Socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.on("data", (part) => {
        received = Buffer.concat([received, part]);
        onData();
      });
    };
    const server = tls === null ? createTcpServer(onConnection) : createTlsServer(tls, onConnection);
    const port = await listen(server);
    return {
      port,
      sockets,
      messages: () => framesOf(received),
      /** Waits until a number of messages has arrived. */
      async arrived(count: number): Promise<string[]> {
        while (framesOf(received).length < count) {
          await new Promise<void>((resolve) => {
            onData = resolve;
          });
        }
        return framesOf(received);
      },
    };
  }

  const MESSAGE = /^<(\d+)>1 (\S+) host-1 stufio-schedules - audit - (\{.*\})$/s;

  it("gets each entry as a message of RFC 5424, preceded by its length", async () => {
    await append(2, { target: "Zürich" });
    await append(1, { result: "refused" });
    const { port, arrived } = await startServer();
    const stream = streamTo(createSyslogReceiver({ host: "127.0.0.1", port, tls: null }, "host-1"));
    while (await stream.once());
    const total = madeCount + 1;
    const messages = (await arrived(total)).map((text) => MESSAGE.exec(text));
    const sent = messages.map((parts) => JSON.parse(parts?.[3] ?? "null") as Sent);
    expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, n) => n + 1));
    expect(sent.at(-2)?.entry.target).toBe("Zürich");
    // Facility 13, severity 6 for a change and 4 for a refusal.
    expect(messages.map((parts) => parts?.[1]).slice(-2)).toEqual(["110", "108"]);
    expect(messages.at(-1)?.[2]).toBe(new Date(sent.at(-1)?.entry.at as number).toISOString());
  });

  it("gets entries over a new connection after the old one broke", async () => {
    const { port, sockets, arrived } = await startServer();
    const stream = streamTo(createSyslogReceiver({ host: "127.0.0.1", port, tls: null }, "host-1"));
    await append(1);
    await stream.once();
    await arrived(1);
    const [first] = sockets;
    const closed = new Promise((resolve) => first?.on("close", resolve));
    first?.destroy();
    await closed;
    await append(2);
    while (await stream.once().catch(() => true));
    expect((await arrived(3)).at(-1)).toContain(`"t${madeCount}"`);
    expect(sockets).toHaveLength(2);
  });

  it("gets entries over TLS only from a sender that trusts its certificate", async () => {
    const { keyFile, certFile } = await makeCertificate(dir, "syslog");
    const [key, cert] = [await readFile(keyFile, "utf8"), await readFile(certFile, "utf8")];
    const { port, arrived } = await startServer({ key, cert });
    await append(1);
    const distrusting = streamTo(createSyslogReceiver({ host: "127.0.0.1", port, tls: {} }, "host-1"));
    await expect(distrusting.once()).rejects.toThrow(/Could not connect to the syslog server .*certificate/);
    const trusting = createSyslogReceiver({ host: "127.0.0.1", port, tls: { ca: cert } }, "host-1");
    await streamTo(trusting).once();
    expect(await arrived(1)).toHaveLength(1);
  });
});
