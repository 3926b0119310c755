import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { AppError } from "~/server/domain/errors";
import { RIGHTS } from "~/server/domain/rights";
import type { RouteMethods } from "~/server/rest/handler";
import { bulk, bulkUndo } from "~/server/rest/routes/bulk";
import { pauseAllRoute, resumeAllRoute } from "~/server/rest/routes/pause-all";
import { schedule, scheduleRestore, schedules, scheduleToggle } from "~/server/rest/routes/schedules";
import { createApiKey, createUser, listApiKeys, listUsers } from "~/server/services/access";
import { listAudit } from "~/server/services/audit-trail";
import { listBulk } from "~/server/services/bulk";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { getPauseAll } from "~/server/services/pause-all";
import { keepRecording } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";

let stack: TestStack;
let recording: ReturnType<typeof keepRecording>;
let secret = "";
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  ({ secret } = await createApiKey({ ctx: stack.ctx, input: { name: "rest", rights: [...RIGHTS] } }));
  recording = keepRecording(stack.deps);
}, 120_000);
afterAll(async () => {
  await recording?.stop();
  await stack?.stop();
});

let keyCount = 0;
const newKey = () => {
  keyCount += 1;
  return `0123456789abcdef0123456789abcdef:${keyCount}`;
};

interface Sent {
  body?: unknown;
  key?: string;
  id?: string;
  method?: "POST" | "PATCH" | "DELETE" | "GET";
}

async function send(route: RouteMethods, { body, key, id, method = "POST" }: Sent) {
  const headers: Record<string, string> = { authorization: `Bearer ${secret}` };
  if (key !== undefined) headers["idempotency-key"] = key;
  const request = new Request("http://a.example/x", {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await route[method](request, { params: Promise.resolve(id === undefined ? {} : { id }) } as never);
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

async function threeTimes(route: RouteMethods, given: Sent) {
  const answers = [await send(route, given), await send(route, given), await send(route, given)] as const;
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  return answers[0];
}

let scheduleCount = 0;
/** Returns the id of a new schedule. */
async function created(): Promise<string> {
  scheduleCount += 1;
  const body = {
    ...{ name: `once ${scheduleCount}`, entity_type: "x", action: "y", topic: "once" },
    ...{ cron_expression: "0 3 * * *", payload: { n: 1 } },
  };
  return (await send(schedules, { body })).body.schedule_id;
}

async function countEntries(verb: string, target: string): Promise<number> {
  const { items } = await listAudit({ ctx: stack.ctx, input: { from: 0, verb: [verb], target, limit: 100 } });
  return items.length;
}

/** Loses the answer of Redis to the next change of a schedule. The change takes effect. */
function loseNextAnswer(): void {
  const { put } = stack.deps.hot;
  vi.spyOn(stack.deps.hot, "put").mockImplementationOnce(async (input) => {
    await put.call(stack.deps.hot, input);
    throw new AppError("redis_unavailable", "The connection was lost.");
  });
}

describe("a repeated REST request with the same Idempotency-Key", () => {
  it("deletes a schedule once and succeeds each time", async () => {
    const id = await created();
    expect(await threeTimes(schedule, { id, key: newKey(), method: "DELETE" })).toEqual({ status: 204, body: null });
    expect((await send(schedule, { id, key: newKey(), method: "DELETE" })).status).toBe(404);
    expect(await countEntries("schedule.delete", id)).toBe(1);
  });

  it("restores a version once", async () => {
    const id = await created();
    await send(schedule, { id, method: "PATCH", body: { payload: { n: 2 } } });
    const restored = await threeTimes(scheduleRestore, { id, key: newKey(), body: { version: 1 } });
    expect(restored).toMatchObject({ status: 200, body: { version: 3, payload: { n: 1 } } });
    expect((await send(schedule, { id, method: "GET" })).body.version).toBe(3);
    // A repeat keeps an edit that was made after the restore.
    const key = newKey();
    await send(scheduleRestore, { id, key, body: { version: 2 } });
    await send(schedule, { id, method: "PATCH", body: { payload: { n: 4 } } });
    expect((await send(scheduleRestore, { id, key, body: { version: 2 } })).status).toBe(200);
    expect((await send(schedule, { id, method: "GET" })).body).toMatchObject({ version: 5, payload: { n: 4 } });
    expect((await send(scheduleRestore, { id, key, body: { version: 1 } })).body.code).toBe("idempotency_key_reused");
  });

  it("undoes a bulk job once", async () => {
    const id = await created();
    const { job_id } = (await send(bulk, { body: { action: "retag", add_tags: ["t"], ids: [id] } })).body;
    while (await runBulkStep(stack.deps));
    const undo = await threeTimes(bulkUndo, { id: job_id, key: newKey() });
    expect(undo).toMatchObject({ status: 202, body: { action: "undo", undo_of: job_id } });
    const jobs = await listBulk({ ctx: stack.ctx });
    expect(jobs.filter(({ undoOf }) => undoOf === job_id)).toHaveLength(1);
    expect((await send(bulkUndo, { id: job_id, key: newKey() })).status).toBe(409);
    while (await runBulkStep(stack.deps));
    expect((await send(schedule, { id, method: "GET" })).body.tags).toEqual([]);
  });

  it("pauses all firing once, and resumes it once", async () => {
    const isPaused = async () => (await getPauseAll({ ctx: stack.ctx })).paused;
    const pause = { body: { reason: "provider down" }, key: newKey() };
    expect(await threeTimes(pauseAllRoute, pause)).toMatchObject({ status: 200, body: { paused: true } });
    const resume = { body: {}, key: newKey() };
    expect(await threeTimes(resumeAllRoute, resume)).toMatchObject({ status: 200, body: { paused: false } });
    expect(await countEntries("system.pause_all", "firing")).toBe(1);
    expect(await countEntries("system.resume_all", "firing")).toBe(1);
    // A late repeat of the pause does not pause again, and a late repeat of the resume does not end another pause.
    await send(pauseAllRoute, pause);
    expect(await isPaused()).toBe(false);
    await send(pauseAllRoute, { body: { reason: "provider down again" }, key: newKey() });
    await send(resumeAllRoute, resume);
    expect(await isPaused()).toBe(true);
    await send(resumeAllRoute, {});
    expect(await isPaused()).toBe(false);
    expect((await send(pauseAllRoute, { ...pause, body: { reason: "x" } })).body.code).toBe("idempotency_key_reused");
  });

  it.each([
    ["a delete", schedule, "DELETE", undefined, "schedule.delete"],
    ["a restore", scheduleRestore, "POST", { version: 1 }, "schedule.edit"],
    ["a pause", scheduleToggle, "POST", { enabled: false }, "schedule.pause"],
  ] as const)("does %s once if Redis's answer to the first request was lost", async (_, route, method, body, verb) => {
    const id = await created();
    await send(schedule, { id, method: "PATCH", body: { payload: { n: 2 } } });
    const before = await countEntries(verb, id);
    const key = newKey();
    loseNextAnswer();
    const lost = await send(route, { id, key, method, body });
    expect(lost).toMatchObject({ status: 503, body: { code: "may_have_been_kept" } });
    expect((await send(route, { id, key, method, body })).status).toBe(method === "DELETE" ? 204 : 200);
    expect((await send(route, { id, key, method, body })).status).toBe(method === "DELETE" ? 204 : 200);
    expect(await countEntries(verb, id)).toBe(before + 1);
  });
});

describe("a repeated create under the same idempotency key", () => {
  it("of an API key gives one key with the same working secret, which is not in Redis", async () => {
    const input = { name: "once", rights: ["schedules:read" as const], idempotencyKey: newKey() };
    const create = () => createApiKey({ ctx: stack.ctx, input });
    const first = await create();
    expect(await create()).toEqual(first);
    expect(await create()).toEqual(first);
    const { items } = await listApiKeys({ ctx: stack.ctx });
    expect(items.filter(({ name }) => name === "once")).toHaveLength(1);
    const request = new Request("http://a.example/x", { headers: { authorization: `Bearer ${first.secret}` } });
    expect((await schedules.GET(request, { params: Promise.resolve({}) } as never)).status).toBe(200);
    expect(await storedInRedis(first.keyId)).not.toEqual([]);
    expect(await storedInRedis(first.secret)).toEqual([]);
    expect(await storedInRedis(input.idempotencyKey)).toEqual([]);
    const other = await createApiKey({ ctx: stack.ctx, input: { ...input, idempotencyKey: newKey() } });
    expect(other.secret).not.toBe(first.secret);
    await expect(createApiKey({ ctx: stack.ctx, input: { ...input, rights: [...RIGHTS] } })).rejects.toMatchObject({
      code: "idempotency_key_reused",
    });
  });

  it("of a user gives one account, and a request with another password is another request", async () => {
    const input = {
      ...{ name: "Once", email: "once@example.org", role: "viewer" as const, password: "correct horse" },
      idempotencyKey: newKey(),
    };
    const create = (over: object = {}) => createUser({ ctx: stack.ctx, input: { ...input, ...over } });
    const first = await create();
    expect(await create()).toEqual(first);
    expect(await create()).toEqual(first);
    const { items } = await listUsers({ ctx: stack.ctx });
    expect(items.filter(({ email }) => email === input.email)).toHaveLength(1);
    await expect(create({ password: "another horse" })).rejects.toMatchObject({ code: "idempotency_key_reused" });
    await expect(create({ idempotencyKey: newKey() })).rejects.toMatchObject({ code: "conflict" });
  });

  it("succeeds after ClickHouse did not confirm the first request, which stored nothing", async () => {
    const input = { name: "unconfirmed", rights: ["schedules:read" as const], idempotencyKey: newKey() };
    vi.spyOn(stack.deps.store, "insertDocuments").mockRejectedValueOnce(new Error("ClickHouse is gone"));
    const lost = createApiKey({ ctx: stack.ctx, input });
    await expect(lost).rejects.toMatchObject({ code: "clickhouse_unavailable" });
    const { secret: newSecret } = await createApiKey({ ctx: stack.ctx, input });
    const request = new Request("http://a.example/x", { headers: { authorization: `Bearer ${newSecret}` } });
    expect((await schedules.GET(request, { params: Promise.resolve({}) } as never)).status).toBe(200);
    const { items } = await listApiKeys({ ctx: stack.ctx });
    expect(items.filter(({ name }) => name === "unconfirmed")).toHaveLength(1);
  });

  it.each(["createApiKey", "createUser"] as const)(
    "by %s is refused if the key has fewer than 32 characters",
    async (name) => {
      const { CreateApiKeyInput, CreateUserInput } = await import("~/server/services/access");
      const inputs = {
        createApiKey: [CreateApiKeyInput, { name: "a", rights: ["schedules:read"] }],
        createUser: [CreateUserInput, { name: "a", email: "a@example.org", role: "viewer", password: "12345678" }],
      } as const;
      const [schema, input] = inputs[name];
      expect(schema.safeParse({ ...input, idempotencyKey: "0123456789abcdef0123456789abcdef" }).success).toBe(true);
      const short = schema.safeParse({ ...input, idempotencyKey: "1" });
      expect(short.error?.issues[0]?.message).toContain("at least 32 characters");
    },
  );
});

/** The command, with its arguments, that reads a key of each type. */
const READS = {
  string: ["GET"],
  hash: ["HGETALL"],
  stream: ["XRANGE", "-", "+"],
  zset: ["ZRANGE", "0", "-1"],
  list: ["LRANGE", "0", "-1"],
  set: ["SMEMBERS"],
};

/** Returns the keys in Redis whose name or value contains the text. */
async function storedInRedis(text: string): Promise<string[]> {
  const found: string[] = [];
  const all = await stack.redis.keys(`${stack.prefix}*`);
  expect(all.length).toBeGreaterThan(0);
  for (const key of all) {
    const type = await stack.redis.type(key);
    // The key was removed, or it expired, after the list was read.
    if (type === "none") continue;
    const [command = "", ...args] = READS[type as keyof typeof READS] ?? [];
    const value = await stack.redis.call(command, key, ...args);
    if (key.includes(text) || JSON.stringify(value).includes(text)) found.push(key);
  }
  return found;
}
