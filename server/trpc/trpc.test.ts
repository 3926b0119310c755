import { randomUUID } from "node:crypto";
import { TRPCError } from "@trpc/server";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import {
  createApiKey,
  createUser,
  revokeApiKey,
  SaveNamespaceInput,
  SESSION_COOKIE,
  saveNamespace,
  signOut,
  updateUser,
} from "~/server/services/access";
import { scopedDeps } from "~/server/services/scoped/scoped-deps";
import { type AccessStack, ADMIN, accessRedis, ENV_KEY } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import { appErrorData, toTrpcError } from "./errors";
import { handleTrpc } from "./handler";
import { appRouter } from "./router";
import { type LiveTick, ticks } from "./routers/live";

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  server = await accessRedis();
  stack = server.stack();
  container.open = async () => ({ deps: stack.deps });
});
afterAll(() => server.close());

interface Answer {
  result?: { data: unknown };
  error?: {
    message: string;
    data: { httpStatus: number; stack?: string; appError: { code: string } & Record<string, unknown> };
  };
}

async function call(path: string, sent: { input?: unknown; headers?: Record<string, string>; query?: boolean } = {}) {
  const { input, headers = {}, query } = sent;
  const url = `http://a.example/api/trpc/${path}`;
  const body = JSON.stringify(input ?? {});
  const length = { "content-length": String(body.length), "content-type": "application/json" };
  const request = query
    ? new Request(`${url}${input === undefined ? "" : `?input=${encodeURIComponent(body)}`}`, { headers })
    : new Request(url, { method: "POST", body, headers: { ...length, ...headers } });
  const response = await handleTrpc(request);
  return { response, answer: (await response.json()) as Answer };
}

const bearer = { authorization: `Bearer ${ENV_KEY}` };
const PROCEDURES = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: { type: "query" | "mutation" | "subscription" } }>,
);

describe("a caller without credentials", () => {
  it.each(
    PROCEDURES.filter(([path, { _def }]) => path !== "access.me" && _def.type !== "subscription").map(
      ([path, { _def }]) => [path, _def.type],
    ),
  )("is refused by %s (%s)", async (path, type) => {
    const { response, answer } = await call(path, { query: type !== "mutation" });
    expect(response.status).toBe(401);
    expect(answer.error?.data.appError.code).toBe("unauthenticated");
  });

  it("is refused by the live stream before the first tick", async () => {
    const response = await handleTrpc(new Request("http://a.example/api/trpc/live.changes"));
    const text = await response.text();
    expect(text).toContain('"code":"unauthenticated"');
    expect(text).not.toContain("pending");
  });

  it("gets null as its identity", async () => {
    const { answer } = await call("access.me", { query: true });
    expect(answer.result).toEqual({ data: null });
  });
});

it("a batch runs at most four list queries at once and answers each", async () => {
  let running = 0;
  let maxRunning = 0;
  const asked: number[] = [];
  const store = stack.deps.store as unknown as Record<string, unknown>;
  store.listExecutions = async ({ limit }: { limit: number }) => {
    running += 1;
    maxRunning = Math.max(maxRunning, running);
    asked.push(limit);
    await new Promise((done) => setImmediate(done));
    running -= 1;
    if (limit === 7) throw new AppError("clickhouse_unavailable", "away");
    return { items: [], nextCursor: null, total: limit, totalIsExact: true };
  };
  const limits = Array.from({ length: 50 }, (_, i) => i + 1);
  const input = JSON.stringify(Object.fromEntries(limits.map((limit, i) => [i, { limit }])));
  const path = limits.map(() => "executions.list").join();
  const url = `http://a.example/api/trpc/${path}?batch=1&input=${encodeURIComponent(input)}`;
  const response = await handleTrpc(new Request(url, { headers: bearer }));
  const answers = (await response.json()) as { result?: { data: { total: number } } }[];
  expect(maxRunning).toBe(4);
  expect(asked.toSorted((a, b) => a - b)).toEqual(limits);
  expect(answers.map(({ result }) => result?.data.total)).toEqual(
    limits.map((limit) => (limit === 7 ? undefined : limit)),
  );
});

describe("an error", () => {
  const more = { log: pino({ level: "silent" }), requestId: "r-1" };
  const wrapped = (cause: Error) => new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause });

  it("with a code keeps its code, its fields and its details", () => {
    const faults = [{ field: "name", message: "is taken" }];
    const error = toTrpcError(wrapped(new AppError("name_taken", "Taken.", { faults, details: { by: 1 } })), more);
    expect(error.code).toBe("CONFLICT");
    expect(appErrorData(error, more)).toEqual({
      code: "name_taken",
      message: "Taken.",
      faults,
      details: { by: 1 },
      requestId: "r-1",
    });
  });

  it("of schema validation names the field in snake_case", () => {
    const { error } = z.object({ maxRuns: z.int() }).safeParse({ maxRuns: "x" });
    const mapped = toTrpcError(new TRPCError({ code: "BAD_REQUEST", cause: error }), more);
    expect(mapped.code).toBe("UNPROCESSABLE_CONTENT");
    expect(appErrorData(mapped, more)).toMatchObject({ code: "validation_failed", faults: [{ field: "max_runs" }] });
  });

  it.each(["text/plain", "text/html; charset=utf-8", "application/xml"])(
    "for a body of type %s names the accepted type",
    async (type) => {
      const { response, answer } = await call("schedules.create", { headers: { ...bearer, "content-type": type } });
      expect(response.status).toBe(415);
      expect(answer.error?.message).toMatch(/^Content-Type must be application\/json\./);
      expect(answer.error?.data.appError.code).toBe("body_invalid");
    },
  );

  it("of an unknown kind hides its message", () => {
    const error = toTrpcError(wrapped(new Error("password of the database")), more);
    expect(error.message).not.toContain("password");
    expect(appErrorData(error, more)).toMatchObject({ code: "internal" });
  });

  it("thrown before a context exists hides its message and stack", async () => {
    const open = container.open;
    container.open = async () => {
      throw new Error("password of the database");
    };
    const { response, answer } = await call("access.me", { query: true }).finally(() => {
      container.open = open;
    });
    expect(response.status).toBe(500);
    expect(answer.error?.data.appError.code).toBe("internal");
    expect(answer.error?.data.stack).toBeUndefined();
    expect(JSON.stringify(answer)).not.toContain("password");
  });

  it("for an unknown procedure has the code not_found", async () => {
    const { response, answer } = await call("no.such", { query: true, headers: bearer });
    expect([response.status, answer.error?.data.appError.code]).toEqual([404, "not_found"]);
  });
});

describe("a mutation that another site sends as a GET", () => {
  it.each(PROCEDURES.filter(([, { _def }]) => _def.type === "mutation").map(([path]) => path))(
    "is refused by %s",
    async (path) => {
      const { response, answer } = await call(path, { query: true, headers: bearer });
      expect([response.status, answer.error?.data.appError.code]).toEqual([405, "method_not_allowed"]);
    },
  );
});

describe("a change authenticated by a session cookie", () => {
  it.each<[string, Record<string, string>, number]>([
    ["from our own page", { origin: "http://a.example" }, 200],
    ["from another site", { origin: "https://b.example" }, 403],
    ["from another site with a forged origin", { origin: "http://a.example", "sec-fetch-site": "cross-site" }, 403],
    ["by a program", {}, 403],
  ])("sent %s (%j) gets %i", async (_, sent, status) => {
    const user = { email: `u${randomUUID()}@example.com`, password: "correct horse" };
    await createUser({ ctx: stack.ctx(ADMIN), input: { ...user, name: "U", role: "admin" } });
    const { token } = await signIn({
      ctx: stack.ctx(),
      input: user,
      browser: { ip: null, userAgent: null, device: null },
    });
    const headers = { cookie: `${SESSION_COOKIE}=${token}`, host: "a.example", ...sent };
    const { response } = await call("settings.save", { input: { values: { maxRetries: 4 } }, headers });
    expect(response.status).toBe(status);
  });
});

it("a call with an API key is accepted, and its response carries the request id and is never cached", async () => {
  const { response, answer } = await call("settings.list", {
    query: true,
    headers: { ...bearer, "x-request-id": "q-1" },
  });
  expect(answer.result?.data).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ name: "maxRetries" })]),
  });
  expect(response.headers.get("x-request-id")).toBe("q-1");
  expect(response.headers.get("cache-control")).toBe("no-store");
});

it("a body without Content-Length is refused", async () => {
  const request = new Request("http://a.example/api/trpc/settings.save", {
    method: "POST",
    body: "{}",
    headers: bearer,
  });
  expect((await handleTrpc(request)).status).toBe(413);
});

describe("a batch", () => {
  const batch = (count: number) => `${Array(count).fill("access.me").join(",")}?batch=1`;

  it.each([
    [50, 200],
    [51, 400],
    [300, 400],
  ])("of %s calls is answered with %s", async (count, status) => {
    const response = await handleTrpc(new Request(`http://a.example/api/trpc/${batch(count)}`, { headers: bearer }));
    const text = await response.text();
    expect([response.status, text.slice(0, 300)]).toEqual([status, expect.anything()]);
    if (status === 400) expect(text).toContain('"code":"body_invalid"');
  });
});

describe("a live stream", () => {
  const openStream = async (headers: Record<string, string>) => {
    const controller = new AbortController();
    const request = new Request("http://a.example/api/trpc/live.changes", { headers, signal: controller.signal });
    const response = await handleTrpc(request);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    const until = async (isDone: () => boolean) => {
      while (!isDone()) {
        const { value, done } = await reader.read();
        if (done) break;
        text += new TextDecoder().decode(value);
      }
      return text;
    };
    await until(() => text.includes('"pending"'));
    return { end: () => until(() => false), stop: () => controller.abort() };
  };
  const signedInUser = async (email: string) => {
    const user = { email, password: "correct horse" };
    const { userId } = await createUser({ ctx: stack.ctx(ADMIN), input: { ...user, name: "U", role: "viewer" } });
    const browser = { ip: null, userAgent: null, device: null };
    const { token, session } = await signIn({ ctx: stack.ctx(), input: user, browser });
    return { userId, session, headers: { cookie: `${SESSION_COOKIE}=${token}` } };
  };

  it("ends after the sign-out", async () => {
    const { headers, session } = await signedInUser("stream-a@example.com");
    const stream = await openStream(headers);
    await signOut({ ctx: stack.ctx(), session });
    expect(await stream.end()).toContain('"code":"unauthenticated"');
  });

  it("ends after its account is disabled", async () => {
    const { headers, userId } = await signedInUser("stream-b@example.com");
    await createUser({
      ctx: stack.ctx(ADMIN),
      input: { email: "boss@example.com", name: "B", role: "admin", password: "correct horse" },
    });
    const stream = await openStream(headers);
    await updateUser({ ctx: stack.ctx(ADMIN), input: { userId, disabled: true } });
    expect(await stream.end()).toContain('"code":"unauthenticated"');
  });

  it("ends after its key is revoked", async () => {
    const input = { name: "k", rights: ["executions:read" as const] };
    const { secret, keyId } = await createApiKey({ ctx: stack.ctx(ADMIN), input });
    const stream = await openStream({ authorization: `Bearer ${secret}` });
    await revokeApiKey({ ctx: stack.ctx(ADMIN), input: { keyId } });
    expect(await stream.end()).toContain('"code":"unauthenticated"');
  });

  it("ends after the scope of its caller changes", async () => {
    const ctx = stack.ctx(ADMIN);
    const namespace = (...topicPrefixes: string[]) =>
      saveNamespace({ ctx, input: SaveNamespaceInput.parse({ name: "stream", topicPrefixes }) });
    await namespace("a.", "b.");
    const scope = { namespaces: ["stream"], topicPrefixes: [] };
    const { secret } = await createApiKey({ ctx, input: { name: "s", rights: ["executions:read"], scope } });
    const stream = await openStream({ authorization: `Bearer ${secret}` });
    await namespace("a.");
    expect(await stream.end()).toContain("Your scope has changed");
  });

  it("is refused to a caller with twenty open streams, until they close", async () => {
    const { headers } = await signedInUser("stream-c@example.com");
    const open = await Promise.all(Array.from({ length: 20 }, () => openStream(headers)));
    const more = () => handleTrpc(new Request("http://a.example/api/trpc/live.changes", { headers }));
    const refused = await more();
    expect(await refused.text()).toContain('"code":"rate_limited"');
    for (const stream of open) stream.stop();
    await Promise.allSettled(open.map((stream) => stream.end()));
    (await openStream(headers)).stop();
  });
});

describe("live ticks", () => {
  const withStats = (nowMs: () => number) => ({
    ...stack.deps,
    hot: { ...stack.deps.hot, stats: async () => ({ pending: 1, running: 2, outboxDepth: 3, nowMs: nowMs() }) },
  });

  it("count published events, and end when the page is closed", async () => {
    const { deps } = stack;
    const key = `${stack.prefix}counters`;
    const controller = new AbortController();
    const seen: LiveTick[] = [];
    await stack.redis.hset(key, "published", 10);
    for await (const tick of ticks(withStats(() => 0) as typeof deps, controller.signal)) {
      seen.push(tick);
      if (seen.length === 2) controller.abort();
      else await stack.redis.hincrby(key, "published", 5);
    }
    expect(seen.map((tick) => tick.firedSinceLast)).toEqual([0, 5]);
    expect(seen[0]).toMatchObject({ at: "1970-01-01T00:00:00.000Z", pending: 1, running: 2, outboxDepth: 3 });
  });

  it("have no numbers for a caller with a scope, only the signal to reload", async () => {
    const key = `${stack.prefix}counters`;
    const controller = new AbortController();
    const seen: LiveTick[] = [];
    const scoped = scopedDeps(withStats(() => 0) as typeof stack.deps, ["alpha."]);
    for await (const tick of ticks(scoped, controller.signal)) {
      seen.push(tick);
      if (seen.length === 2) controller.abort();
      else await stack.redis.hincrby(key, "published", 5);
    }
    expect(seen.map((tick) => tick.firedSinceLast)).toEqual([0, 1]);
    for (const tick of seen) expect(tick).toMatchObject({ pending: 0, running: 0, outboxDepth: 0 });
  });

  it("continue after a failed tick", async () => {
    const { deps } = stack;
    const controller = new AbortController();
    let asked = 0;
    const failing = withStats(() => {
      asked += 1;
      if (asked === 1) throw new Error("Connection is closed.");
      return 0;
    });
    for await (const tick of ticks(failing as typeof deps, controller.signal)) {
      expect(tick.pending).toBe(1);
      controller.abort();
    }
    expect(asked).toBe(2);
  });

  it("are streamed as server-sent events", async () => {
    const open = container.open;
    const deps = withStats(() => 0);
    container.open = async () => ({ deps });
    const controller = new AbortController();
    const request = new Request("http://a.example/api/trpc/live.changes", {
      headers: bearer,
      signal: controller.signal,
    });
    const response = await handleTrpc(request).finally(() => {
      container.open = open;
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (!text.includes('"pending":1')) {
      const { value, done } = await reader.read();
      expect(done).toBe(false);
      text += new TextDecoder().decode(value);
    }
    controller.abort();
    let ended = false;
    while (!ended) ended = (await reader.read().catch(() => ({ done: true }))).done;
    expect(ended).toBe(true);
  });
});
