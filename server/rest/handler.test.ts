import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import type { Right } from "~/server/domain/rights";
import { type AccessStack, ADMIN, accessRedis, ENV_KEY } from "~/server/testing/access-deps";
import { signIn } from "~/server/testing/sign-in";
import { createApiKey, createUser, SESSION_COOKIE } from "../services/access";
import { methods, type RestSpec, type RouteMethods, restRoute } from "./handler";
import { readIfMatch } from "./request";

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

const Input = z.strictObject({
  scheduleId: z.string().optional(),
  maxRuns: z.int().optional(),
  payload: z.any().optional(),
});
const ID = "0190f3a0-0000-7000-8000-000000000000";

function call(
  sent: {
    method?: string;
    url?: string;
    body?: BodyInit;
    headers?: Record<string, string>;
    params?: Record<string, string>;
    key?: string | null;
  },
  spec: Partial<RestSpec<typeof Input>> = {},
): Promise<Response> {
  const route = restRoute({
    right: "schedules:edit",
    input: Input,
    run: async ({ input }) => ({ body: input }),
    ...spec,
  });
  const { method = "POST", url = "/x", body, headers = {}, params = {}, key = ENV_KEY } = sent;
  const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const request = new Request(`http://a.example${url}`, {
    method,
    body,
    headers: { ...authorization, ...headers },
    duplex: "half",
  } as RequestInit);
  return route(request, { params: Promise.resolve(params) });
}

const code = async (response: Promise<Response>) => {
  const answer = await response;
  return [answer.status, ((await answer.json()) as { code: string }).code];
};

describe("the caller", () => {
  it.each([
    ["without credentials", null],
    ["with an unknown key", "unknown-key"],
  ])("is refused %s before the body is read", async (_, key) => {
    expect(await code(call({ key, body: "not json" }))).toEqual([401, "unauthenticated"]);
  });

  it.each<[Right[], Right, number]>([
    [["schedules:read"], "schedules:read", 200],
    [["schedules:read"], "schedules:edit", 403],
    [["schedules:edit"], "schedules:edit", 200],
    [["schedules:edit"], "schedules:read", 403],
  ])("that has the rights %j and calls a route that needs %s gets %i", async (rights, right, status) => {
    const { secret } = await createApiKey({ ctx: stack.ctx(ADMIN), input: { name: "k", rights } });
    expect((await call({ key: secret }, { right })).status).toBe(status);
  });

  it.each<[string, Record<string, string>, number]>([
    ["its own origin", { origin: "http://a.example" }, 200],
    ["a foreign origin", { origin: "https://b.example" }, 403],
    ["a forged origin", { origin: "http://a.example", "sec-fetch-site": "cross-site" }, 403],
    ["no origin", {}, 403],
  ])("with a session cookie and %s (%j) gets %i", async (_, sent, status) => {
    const email = `u${randomUUID()}@example.com`;
    const user = { email, password: "correct horse" };
    await createUser({ ctx: stack.ctx(ADMIN), input: { ...user, name: "U", role: "editor" } });
    const { token } = await signIn({
      ctx: stack.ctx(),
      input: user,
      browser: { ip: null, userAgent: null, device: null },
    });
    const headers = { cookie: `${SESSION_COOKIE}=${token}`, host: "a.example", ...sent };
    expect((await call({ key: null, headers })).status).toBe(status);
  });
});

describe("the input of a call", () => {
  it("is mapped to camelCase, except the payload", async () => {
    const seen: unknown[] = [];
    const run = async ({ input }: { input: unknown }) => {
      seen.push(input);
      return { body: input };
    };
    const response = await call({ body: '{"max_runs": 3, "payload": {"user_id": 1}}' }, { run });
    expect(seen).toEqual([{ maxRuns: 3, payload: { user_id: 1 } }]);
    expect(await response.json()).toEqual({ max_runs: 3, payload: { user_id: 1 } });
  });

  it.each([
    ["is not JSON", "{", 400, "body_invalid"],
    ["is a list", "[1]", 400, "body_invalid"],
    ["is a string", '"x"', 400, "body_invalid"],
    ["is not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), 400, "body_invalid"],
    ["has an unknown field", '{"max_rums": 3}', 422, "validation_failed"],
    ["has a value of a wrong type", '{"max_runs": "3"}', 422, "validation_failed"],
  ])("is refused if the body %s", async (_, body, status, expected) => {
    expect(await code(call({ body }))).toEqual([status, expected]);
  });

  it("is refused if the body is larger than the limit, with or without Content-Length", async () => {
    const body = JSON.stringify({ payload: "x".repeat(100) });
    expect(await code(call({ body }, { maxBytes: 50 }))).toEqual([413, "payload_too_large"]);
    const stream = new Blob([body]).stream();
    const request = new Request("http://a.example/x", {
      method: "POST",
      body: stream,
      headers: { authorization: `Bearer ${ENV_KEY}` },
      duplex: "half",
    } as RequestInit);
    const route = restRoute({ right: "schedules:read", input: Input, maxBytes: 50, run: async () => ({}) });
    expect(await code(route(request, { params: Promise.resolve({}) }))).toEqual([413, "payload_too_large"]);
  });

  it("is refused with the name of the invalid field in snake_case, also inside a patch", async () => {
    const input = z.strictObject({ patch: Input });
    const route = restRoute({
      right: "schedules:read",
      input,
      inputFrom: ({ body }) => ({ patch: body }),
      run: async () => ({}),
    });
    const request = new Request("http://a.example/x", {
      method: "PATCH",
      body: '{"max_runs": "many"}',
      headers: { authorization: `Bearer ${ENV_KEY}` },
    });
    const response = await route(request, { params: Promise.resolve({}) });
    expect(await response.json()).toMatchObject({ errors: [{ field: "max_runs" }] });
  });

  it("may be empty", async () => {
    expect((await call({})).status).toBe(200);
  });

  it("is the query string of a GET, and a repeated parameter becomes a list", async () => {
    const input = z.strictObject({ dueBefore: z.string(), tag: z.array(z.string()) });
    const route = restRoute({ right: "schedules:read", input, run: async (received) => ({ body: received.input }) });
    const request = new Request("http://a.example/x?due_before=now&tag=a&tag=b&q=", {
      headers: { authorization: `Bearer ${ENV_KEY}` },
    });
    const response = await route(request, { params: Promise.resolve({}) });
    expect(await response.json()).toEqual({ due_before: "now", tag: ["a", "b"] });
  });

  it("gives 404 if the id is malformed", async () => {
    expect(await code(call({ params: { id: "nonsense" } }))).toEqual([404, "not_found"]);
    expect((await call({ params: { id: ID } })).status).toBe(200);
  });

  it.each([
    ['"3"', 3],
    ['W/"12"', 12],
    ["7", 7],
    ["*", undefined],
    ["", undefined],
  ])("with the If-Match header %s has the version %s", (text, version) => {
    expect(readIfMatch(new Headers({ "if-match": text }))).toBe(version);
  });

  it("is refused if the If-Match header is not a version", () => {
    expect(() => readIfMatch(new Headers({ "if-match": '"abc"' }))).toThrow("If-Match");
  });
});

describe("the response", () => {
  it("carries the caller's request id and is never cached", async () => {
    const { headers } = await call({ headers: { "x-request-id": "mine-1" } });
    expect(headers.get("x-request-id")).toBe("mine-1");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("is a problem with the operation's error code", async () => {
    const run = async () => {
      throw new AppError("name_taken", "Taken.");
    };
    expect(await code(call({}, { run }))).toEqual([409, "name_taken"]);
  });

  it("does not contain the message of an unknown error", async () => {
    const run = async () => {
      throw new Error("password of the database");
    };
    const response = await call({}, { run });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('"code":"internal"');
    expect(text).not.toContain("password of the database");
  });

  it("reports that Redis does not respond", async () => {
    const run = async () => {
      throw new Error("Connection is closed.");
    };
    expect(await code(call({}, { run }))).toEqual([503, "redis_unavailable"]);
  });

  it("is 405 with Allow for a method that is not served", async () => {
    const served: Partial<RouteMethods> = {
      GET: restRoute({ right: "schedules:read", input: Input, run: async () => ({}) }),
    };
    const route = methods(served);
    const response = await route.DELETE(new Request("http://a.example/x", { method: "DELETE" }), {
      params: Promise.resolve({}),
    });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
  });
});

describe("the deadline of a request", () => {
  const never = () => new Promise<never>(() => {});
  const headers = { prefer: "wait=1" };

  it.each([
    ["a call that changes something", { right: "schedules:edit" }, "may_have_been_kept"],
    ["a call that only reads", { right: "schedules:read" }, "query_timeout"],
  ] as const)("ends %s (%j) with the code %s", async (_, spec, expected) => {
    expect(await code(call({ headers }, { ...spec, run: never }))).toEqual([503, expected]);
  });

  it("does not stop the work, and a later error of the work is ignored", async () => {
    let done = () => {};
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    let goOn = () => {};
    const waits = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const run = async () => {
      await waits;
      done();
      throw new Error("Nobody waits for this.");
    };
    expect(await code(call({ headers }, { run }))).toEqual([503, "may_have_been_kept"]);
    goOn();
    await finished;
  });

  it("does not count the time in which the caller sends the body", async () => {
    const encoder = new TextEncoder();
    const body = new ReadableStream({
      async start(controller) {
        for (const part of ['{"maxRuns"', ":", "1}"]) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          controller.enqueue(encoder.encode(part));
        }
        controller.close();
      },
    });
    expect((await call({ headers, body })).status).toBe(200);
  });

  it("does not apply to a call that takes long", async () => {
    const run = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return { body: {} };
    };
    expect((await call({ headers }, { run, takesLong: true })).status).toBe(200);
  });
});

describe("a stream", () => {
  /** A stream, the number of parts it has made so far, and whether it has ended. */
  function parts(total: number, failAt?: number) {
    const state = { made: 0, ended: false };
    async function* make() {
      try {
        while (state.made < total) {
          if (state.made === failAt) throw new AppError("clickhouse_unavailable", "ClickHouse did not answer.");
          state.made += 1;
          yield `${state.made};`;
        }
      } finally {
        state.ended = true;
      }
    }
    return { state, stream: make() };
  }
  const streamed = (stream: AsyncGenerator<string>) => call({}, { run: async () => ({ stream }) });

  it("is sent completely, and a part is made only when the client reads", async () => {
    const { state, stream } = parts(1000);
    const answer = await streamed(stream);
    expect(state.made).toBeLessThan(10);
    expect((await answer.text()).split(";")).toHaveLength(1001);
    expect(state.ended).toBe(true);
  });

  it("ends when the client stops reading", async () => {
    const { state, stream } = parts(1000);
    const reader = (await streamed(stream)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(state.ended).toBe(true);
    expect(state.made).toBeLessThan(10);
  });

  it("becomes a problem response if it fails before the first part, and is cut off if it fails later", async () => {
    expect(await code(streamed(parts(3, 0).stream))).toEqual([503, "clickhouse_unavailable"]);
    await expect((await streamed(parts(3, 2).stream)).text()).rejects.toThrow();
  });
});
