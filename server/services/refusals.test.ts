import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CALL_VERBS, targetOfCall, verbOfCall } from "~/server/domain/audit/call-verbs";
import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { AppError } from "~/server/domain/errors";
import { TOOLS } from "~/server/mcp/tools/table";
import { ADMIN_ROUTES } from "~/server/rest/routes/admin-table";
import { signInRoute } from "~/server/rest/routes/auth";
import { createApiKey } from "~/server/services/access";
import { createSchedules } from "~/server/services/schedules";
import { ADMIN } from "~/server/testing/access-deps";
import { RIGHTS_OF_PROCEDURES, RIGHTS_OF_REST } from "~/server/testing/rights-table";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { recordRefusal, refusalsOf } from "./refusals";

let stack: TestStack;
let viewer: string;
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  const ctx = { ...stack.ctx, principal: ADMIN };
  const key = await createApiKey({ ctx, input: { name: "viewer", rights: ["schedules:read"] } });
  viewer = key.secret;
}, 120_000);
afterAll(() => stack?.stop());
beforeEach(async () => {
  await refusalsOf(stack.deps).flush();
  await stack.redis.del(`${stack.prefix}{0}:outbox`);
});

/** The entries since the test began, oldest first. */
async function entries(): Promise<AuditEntry[]> {
  await refusalsOf(stack.deps).flush();
  const { audit } = await stack.deps.hot.unflushed({ limit: 5000 });
  return audit.map(readAuditEntry).toReversed();
}

const ID = "0190f3a0-0000-7000-8000-000000000000";

/** Makes a REST call under `/admin` through its route. */
async function rest(
  method: "GET" | "POST" | "DELETE",
  path: string,
  more: { body?: object; key?: string | null } = {},
) {
  const { body, key = viewer } = more;
  const route = ADMIN_ROUTES.find(([name]) => name.replace("{id}", ID) === path)?.[1];
  if (route === undefined) throw new Error(`no route ${path}`);
  const headers = {
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...{ "x-request-id": "req-7", "x-forwarded-for": "10.1.2.3" },
  };
  const request = new Request(`http://a.example/admin/${path}`, { method, headers, body: JSON.stringify(body) });
  return route[method](request, { params: Promise.resolve(path.includes(ID) ? { id: ID } : {}) as never });
}

async function trpc(path: string, input: object) {
  const body = JSON.stringify(input);
  const headers = { authorization: `Bearer ${viewer}`, "content-type": "application/json" };
  const length = { "content-length": String(body.length) };
  await handleTrpc(
    new Request(`http://a.example/api/trpc/${path}`, { method: "POST", body, headers: { ...headers, ...length } }),
  );
}

describe("a refused call is on record", () => {
  it("from REST, with caller, target, reason and request", async () => {
    expect((await rest("DELETE", `schedules/${ID}`)).status).toBe(403);
    expect(await entries()).toMatchObject([
      {
        ...{ verb: "schedule.delete", target: ID, result: "refused", errorCode: "forbidden", count: 1 },
        ...{ call: "DELETE schedules/{id}", actor: "viewer", via: "api_key", note: expect.stringContaining("right") },
      },
    ]);
  });

  it("from a page, with the verb that its input names", async () => {
    await trpc("schedules.toggle", { scheduleId: ID, enabled: false });
    await trpc("bulk.start", { action: "delete", ids: [ID], dryRun: false });
    expect((await entries()).map(({ verb, target, call }) => [verb, target, call])).toEqual([
      ["schedule.pause", ID, "schedules.toggle"],
      ["bulk.delete", "bulk.start", "bulk.start"],
    ]);
  });

  it("if the caller is not signed in, but only for a call that changes something", async () => {
    expect((await rest("DELETE", `schedules/${ID}`, { key: null })).status).toBe(401);
    expect((await rest("GET", "schedules", { key: null })).status).toBe(401);
    expect(await entries()).toMatchObject([
      { actor: "anonymous", via: "anonymous", verb: "schedule.delete", errorCode: "unauthenticated" },
    ]);
  });

  it("if it only reads, but the right is missing", async () => {
    expect((await rest("GET", "audit")).status).toBe(403);
    expect((await rest("GET", "schedules/bulk")).status).toBe(200);
    expect(await entries()).toMatchObject([{ verb: "call.read", target: "GET audit", errorCode: "forbidden" }]);
  });

  it("if the input is invalid or the target unknown, but not if it failed in an outage", async () => {
    const { secret } = await createApiKey({
      ctx: { ...stack.ctx, principal: ADMIN },
      input: { name: "editor", rights: ["schedules:create", "schedules:delete"] },
    });
    await stack.redis.del(`${stack.prefix}{0}:outbox`);
    expect((await rest("POST", "schedules", { key: secret, body: { topic: "" } })).status).toBe(422);
    expect((await rest("DELETE", `schedules/${ID}`, { key: secret })).status).toBe(404);
    const outage = { code: "redis_unavailable", status: 503, message: "" } as const;
    recordRefusal(stack.ctx, { call: "schedules.create", changes: true, error: outage });
    expect((await entries()).map(({ verb, errorCode }) => [verb, errorCode])).toEqual([
      ["schedule.create", "validation_failed"],
      ["schedule.delete", "not_found"],
    ]);
  });

  it("with refused items of a batch, as one entry with their number", async () => {
    const good = {
      topic: "t",
      entityType: "e",
      action: "a",
      executionTime: new Date(Date.now() + 60_000).toISOString(),
    };
    await createSchedules({ ctx: stack.ctx, input: { items: [good, { topic: "" }, { ...good, timezone: "Mars/X" }] } });
    const refused = (await entries()).filter(({ result }) => result === "refused");
    expect(refused).toMatchObject([{ verb: "schedule.create", target: "batch:test", count: 2 }]);
    expect(refused[0]?.note).toContain("2 of 3 items refused");
  });
});

describe("a sign-in", () => {
  async function attempt(password: string): Promise<number> {
    const body = JSON.stringify({ email: "Eve@Example.com", password });
    const headers = { "content-type": "application/json", origin: "http://a.example", host: "a.example" };
    const request = new Request("http://a.example/api/auth/sign-in", { method: "POST", body, headers });
    return (await signInRoute.POST(request, { params: Promise.resolve({}) })).status;
  }

  it("that fails or is throttled is on record with the e-mail address, and without the password", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) statuses.push(await attempt(`canary-secret-${n}`));
    expect([...new Set(statuses)].toSorted()).toEqual([401, 429]);
    const found = await entries();
    expect(found.map(({ verb, errorCode, count }) => [verb, errorCode, count])).toEqual([
      ["session.open", "unauthenticated", 1],
      ["session.open", "rate_limited", 1],
      ["session.open", "unauthenticated", statuses.filter((status) => status === 401).length - 1],
      ...(statuses.filter((status) => status === 429).length > 1
        ? [["session.open", "rate_limited", expect.any(Number)]]
        : []),
    ]);
    expect(found.every(({ target, actor }) => target === "Eve@Example.com" && actor === "anonymous")).toBe(true);
    expect(JSON.stringify(found)).not.toContain("canary");
  });
});

describe("a flood of refused calls", () => {
  it("of one caller makes two entries, one for the first call and one that counts the others", async () => {
    for (let n = 0; n < 500; n += 1) await rest("DELETE", `schedules/${ID}`);
    expect((await entries()).map(({ count, errorCode }) => [count, errorCode])).toEqual([
      [1, "forbidden"],
      [499, "forbidden"],
    ]);
  });

  it("from more than a thousand callers has one shared entry for the callers beyond a thousand", async () => {
    const error = new AppError("unauthenticated", "Sign in.");
    const from = (address: string) => ({ ...stack.ctx, principal: null, address });
    for (let n = 0; n < 1500; n += 1) {
      const address = `10.${n >> 8}.${n & 255}.1`;
      recordRefusal(from(address), { call: "schedules.create", changes: true, error });
    }
    const found = await entries();
    expect(found).toHaveLength(1001);
    expect(found.find(({ target }) => target === "others")).toMatchObject({ count: 500, actor: "anonymous" });
  });

  it("of one caller has its own entries for each call and each code", async () => {
    const record = (call: string, code: "forbidden" | "conflict") =>
      recordRefusal(stack.ctx, { call, changes: true, error: new AppError(code, "") });
    record("schedules.delete", "forbidden");
    record("schedules.delete", "conflict");
    record("schedules.create", "forbidden");
    record("schedules.create", "forbidden");
    expect((await entries()).map(({ call, errorCode, count }) => [call, errorCode, count])).toEqual([
      ["schedules.delete", "forbidden", 1],
      ["schedules.delete", "conflict", 1],
      ["schedules.create", "forbidden", 1],
      ["schedules.create", "forbidden", 1],
    ]);
  });
});

describe("the verb of a call", () => {
  it("is known for every call that changes something", () => {
    const changing = ([call, rights]: [string, readonly string[]]) =>
      !call.startsWith("GET ") && rights.some((right) => !right.endsWith(":read"));
    const calls = Object.entries(RIGHTS_OF_REST)
      .filter(changing)
      .map(([call]) => call);
    const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
    const mutations = Object.keys(RIGHTS_OF_PROCEDURES).filter((path) => procedures[path]?._def.type === "mutation");
    expect([...calls, ...mutations].filter((call) => !(call in CALL_VERBS))).toEqual([]);
    const tools = TOOLS.filter(({ changes }) => changes !== undefined).map(({ name }) => `mcp.${name}`);
    expect(tools.filter((call) => !(call in CALL_VERBS))).toEqual([]);
    const known = [...Object.keys(RIGHTS_OF_REST), ...mutations, ...tools];
    expect(Object.keys(CALL_VERBS).filter((call) => !/^(code|auth)\./.test(call) && !known.includes(call))).toEqual([]);
  });

  it("is call.change if the input does not determine it", () => {
    expect(verbOfCall("bulk.start", {})).toBe("call.change");
    const nested = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
    for (const action of [nested, { toString: 1 }, null, 1]) {
      expect(verbOfCall("bulk.start", { action })).toBe("call.change");
    }
    expect(verbOfCall("schedules.toggle", { enabled: true })).toBe("schedule.resume");
  });
});

describe("the target of a refused call", () => {
  it("has U+FFFD instead of an unpaired surrogate, because ClickHouse would refuse the entry", () => {
    expect(targetOfCall("schedules.create", { name: "a\ud800" })).toBe("a\ufffd");
    expect(targetOfCall("schedules.create", { name: `${"a".repeat(199)}\u{1f600}` })).toBe(`${"a".repeat(199)}\ufffd`);
  });
});
