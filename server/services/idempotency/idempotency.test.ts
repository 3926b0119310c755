import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RIGHTS } from "~/server/domain/rights";
import type { RouteMethods } from "~/server/rest/handler";
import { setupRoute, signInRoute, signOutRoute } from "~/server/rest/routes/auth";
import { bulk, bulkAbort } from "~/server/rest/routes/bulk";
import { deadLettersDecide } from "~/server/rest/routes/dead-letters";
import { executionReplay, executions } from "~/server/rest/routes/executions";
import { breakerReset, cleanup, sync } from "~/server/rest/routes/monitoring";
import {
  schedule,
  scheduleExecute,
  schedules,
  schedulesBatch,
  schedulesPreview,
  scheduleToggle,
} from "~/server/rest/routes/schedules";
import { createApiKey } from "~/server/services/access";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { startWorker } from "~/worker/worker";

let stack: TestStack;
let recording: ReturnType<typeof keepRecording>;
const secrets: string[] = [];
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  for (const name of ["one", "two"]) {
    const { secret } = await createApiKey({ ctx: stack.ctx, input: { name, rights: [...RIGHTS] } });
    secrets.push(secret);
  }
}, 120_000);
beforeEach(async () => {
  recording = keepRecording(stack.deps);
  return () => recording.stop();
});
afterAll(async () => stack?.stop());

let keyCount = 0;
const newKey = () => {
  keyCount += 1;
  return `key-${keyCount}`;
};

interface Answer {
  status: number;
  body: Record<string, never> & { code?: string; schedule_id: string; execution_id: string; job_id: string };
  location: string | null;
}

async function send(
  route: RouteMethods,
  options: { body?: unknown; key?: string; id?: string; caller?: number; method?: "POST" | "PUT" | "PATCH" | "DELETE" },
): Promise<Answer> {
  const { body, key, id, caller = 0, method = "POST" } = options;
  const headers: Record<string, string> = { authorization: `Bearer ${secrets[caller]}` };
  if (key !== undefined) headers["idempotency-key"] = key;
  const request = new Request("http://a.example/x", {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await route[method](request, { params: Promise.resolve(id === undefined ? {} : { id }) } as never);
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? {} : JSON.parse(text),
    location: response.headers.get("location"),
  };
}

const inSeconds = (n: number) => new Date(Date.now() + n * 1000).toISOString();
const near = (over: object = {}) => ({
  entity_type: "x",
  action: "y",
  topic: "idem",
  execution_time: inSeconds(3600),
  ...over,
});
const far = (over: object = {}) => near({ execution_time: inSeconds(90 * 86_400), ...over });
const createNear = async (over: object = {}) => (await send(schedules, { body: near(over) })).body.schedule_id;
/** Sends the same request several times in sequence. */
async function inTurn(route: RouteMethods, request: Parameters<typeof send>[1], times = 3): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < times; i += 1) answers.push(await send(route, request));
  return answers;
}
/** Counts the schedule's manual runs in flight. */
const manualRuns = async (id: string) => {
  const found = await stack.redis.hkeys(`${stack.prefix}{0}:occ`);
  const instances = await stack.deps.hot.listInstances({ limit: 1000 });
  // The list is complete.
  expect(found.length).toBe(instances.length);
  return instances.filter((one) => one.schedule.scheduleId === id && one.trigger === "manual").length;
};

describe("the same request with the same key", () => {
  it.each([
    ["a near-term create", near()],
    ["a long-term create", far()],
    [
      "a create of a recurring, named schedule",
      { ...near({ name: "idem cron", cron_expression: "0 3 * * *" }), execution_time: undefined },
    ],
    ["a create with a payload and headers", near({ payload: { b: [1, { z: 1, a: 2 }] }, headers: { h: "1" } })],
  ])("gets the same answer: %s", async (_, body) => {
    const answers = await inTurn(schedules, { body, key: newKey() });
    expect(answers[0]?.status).toBe(201);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((await send(schedule, { id: answers[0]?.body.schedule_id, method: "DELETE" })).status).toBe(204);
  });

  it("gets the same answer after the settings changed, the schedule was deleted and its name was reused", async () => {
    const request = {
      body: { ...near({ name: "idem moved", cron_expression: "0 3 * * *" }), execution_time: undefined },
      key: newKey(),
    };
    const first = await send(schedules, request);
    stack.change({ maxRetries: 7, retryDelaySeconds: 9, immediateHorizonSeconds: 60 });
    try {
      expect(await send(schedules, request)).toEqual(first);
      await send(schedule, { id: first.body.schedule_id, method: "DELETE" });
      expect(await send(schedules, request)).toEqual(first);
      expect((await send(schedules, { body: request.body })).status).toBe(201);
      expect(await send(schedules, request)).toEqual(first);
    } finally {
      stack.change({ maxRetries: 3, retryDelaySeconds: 60, immediateHorizonSeconds: 86_400 });
    }
  });

  it("gets the same answer after the time of the event has passed", async () => {
    const request = { body: near({ execution_time: inSeconds(1) }), key: newKey() };
    const first = await send(schedules, request);
    const { now } = stack.deps.clock;
    stack.deps.clock.now = () => now() + 300_000;
    try {
      expect(await send(schedules, request)).toEqual(first);
    } finally {
      stack.deps.clock.now = now;
    }
  });

  it("starts one manual run", async () => {
    const id = await createNear();
    const answers = await inTurn(scheduleExecute, { id, key: newKey() });
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.execution_id)).size).toBe(1);
    expect(await manualRuns(id)).toBe(1);
  });

  it("starts one manual run if sent concurrently, and another run with another key or without a key", async () => {
    const id = await createNear();
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(scheduleExecute, { id, key })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.execution_id}`)).size).toBe(1);
    expect(await manualRuns(id)).toBe(1);
    await send(scheduleExecute, { id, key: newKey() });
    await send(scheduleExecute, { id });
    await send(scheduleExecute, { id });
    expect(await manualRuns(id)).toBe(4);
  });

  it("toggles a schedule once", async () => {
    const id = await createNear();
    const answers = await inTurn(scheduleToggle, { id, key: newKey(), body: {} });
    expect(answers[0]).toMatchObject({ status: 200, body: { enabled: false } });
    expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
    expect((await send(scheduleToggle, { id, key: newKey(), body: {} })).body).toMatchObject({ enabled: true });
  });

  it("stores a batch once, with the same error for the same item", async () => {
    const items = [near(), { ...near(), execution_time: undefined, cron_expression: "nonsense" }, near(), far()];
    const answers = await inTurn(schedulesBatch, { body: { items }, key: newKey() });
    expect(answers[0]?.status).toBe(207);
    expect(answers[0]?.body).toMatchObject({
      items: [{ index: 0 }, { error: { code: "cron_invalid" } }, { index: 2 }, { index: 3 }],
    });
    expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
  });

  it("starts a bulk action once", async () => {
    const ids = [await createNear()];
    const answers = await inTurn(bulk, { body: { action: "retag", add_tags: ["t"], ids }, key: newKey() });
    expect(answers[0]?.status).toBe(202);
    expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
  });

  it("decides about dead letters once", async () => {
    const ids = ["0190f3a0-0000-7000-8000-000000000000"];
    const answers = await inTurn(deadLettersDecide, { body: { action: "discard", ids }, key: newKey() });
    expect(answers[0]?.status).toBe(202);
    expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
  });

  it("replays an execution once", async () => {
    const id = await createNear({ topic: "idem.replay", execution_time: inSeconds(0) });
    await recording.stop();
    const worker = await startWorker({
      deps: await stack.another(),
      port: 0,
      host: "127.0.0.1",
      clockSkewMs: () => 0,
    });
    try {
      const endedExecutions = () =>
        eventually(
          async () => {
            const request = new Request(`http://a.example/x?schedule_id=${id}`, {
              headers: { authorization: `Bearer ${secrets[0]}` },
            });
            const { items } = (await (await executions.GET(request, { params: Promise.resolve({}) })).json()) as {
              items: { execution_id: string }[];
            };
            return items.length > 0 ? items : null;
          },
          { what: "an ended execution" },
        );
      const [first] = await endedExecutions();
      const key = newKey();
      const answers = await inTurn(executionReplay, { id: first?.execution_id, key });
      expect(answers[0]?.status).toBe(202);
      expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
      const many = await Promise.all(
        Array.from({ length: 5 }, () => send(executionReplay, { id: first?.execution_id, key })),
      );
      expect(many).toEqual(Array.from({ length: 5 }, () => answers[0]));
      await eventually(async () => ((await stack.published("idem.replay")).length >= 2 ? true : null), {
        what: "the replay",
      });
    } finally {
      await worker.stop();
      recording = keepRecording(stack.deps);
    }
    await recordAll(stack.deps, 0);
    expect(await stack.published("idem.replay")).toHaveLength(2);
  });
});

describe("a key", () => {
  const body = near();

  it("is refused for another request", async () => {
    const key = newKey();
    const first = await send(schedules, { body, key });
    for (const over of [
      { action: "other" },
      { max_retries: 1 },
      { tags: ["t"] },
      { description: "d" },
      { payload: { a: 1 } },
    ]) {
      const other = await send(schedules, { body: { ...body, ...over }, key });
      expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    }
    expect(await send(schedules, { body: Object.fromEntries(Object.entries(body).reverse()), key })).toEqual(first);
    const id = await createNear();
    await send(scheduleToggle, { id, key, body: { enabled: false } });
    expect(await send(scheduleToggle, { id, key, body: { enabled: true } })).toMatchObject({
      ...{ status: 422, body: { code: "idempotency_key_reused" } },
    });
  });

  it("belongs to its caller and to its call", async () => {
    const key = newKey();
    const [one, two] = [await send(schedules, { body, key }), await send(schedules, { body, key, caller: 1 })];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.schedule_id).not.toBe(two.body.schedule_id);
    expect((await send(schedulesBatch, { body: { items: [body] }, key })).status).toBe(207);
    const [a, b] = [await createNear(), await createNear()];
    expect((await send(scheduleExecute, { id: a, key })).body.execution_id).not.toBe(
      (await send(scheduleExecute, { id: b, key })).body.execution_id,
    );
  });

  it("may be sent again with a corrected request after a refusal", async () => {
    const key = newKey();
    expect((await send(schedules, { body: { ...body, topic: "a b/c" }, key })).status).toBe(422);
    expect((await send(schedules, { body, key })).status).toBe(201);
    const toggle = newKey();
    const missing = { id: "0190f3a0-0000-7000-8000-000000000001", key: toggle, body: {} };
    expect((await send(scheduleToggle, missing)).status).toBe(404);
    expect((await send(scheduleToggle, missing)).status).toBe(404);
  });

  it("creates one schedule from concurrent requests", async () => {
    const key = newKey();
    const request = {
      body: { ...near({ name: "idem at once", cron_expression: "0 3 * * *" }), execution_time: undefined },
      key,
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(schedules, request)));
    expect(new Set(answers.map(({ status, body: { schedule_id } }) => `${status} ${schedule_id}`)).size).toBe(1);
    const distant = far();
    const distantAnswers = await Promise.all(
      Array.from({ length: 5 }, () => send(schedules, { body: distant, key: `${key}-far` })),
    );
    // While the first request waits for ClickHouse, repeats get 409.
    expect(distantAnswers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(
      distantAnswers.every(({ status, body: { code } }) => status === 201 || code === "idempotency_in_progress"),
    ).toBe(true);
  });

  it("costs a near-term create no extra round trip and less than 400 bytes", async () => {
    await recording.stop();
    const roundTrips = async (key?: string) => {
      const run = vi.spyOn(stack.redis, "call");
      await send(schedules, { body, key });
      const count = run.mock.calls.filter(([command]) => command === "evalsha" || command === "eval").length;
      run.mockRestore();
      return count;
    };
    // The first call loads the scripts.
    await roundTrips();
    const answers = () => stack.redis.keys(`${stack.prefix}{0}:answer:*`);
    const before = new Set(await answers());
    expect(await roundTrips(newKey())).toBe(await roundTrips());
    const [name, ...others] = (await answers()).filter((one) => !before.has(one));
    expect(others).toEqual([]);
    expect(await stack.redis.memory("USAGE", name as string)).toBeLessThan(400);
  });

  it.each([
    ["quoted", '"a b"', 201],
    ["quoted, with escaped characters", '"a\\"b\\\\"', 201],
    ["of 256 characters", "k".repeat(256), 201],
    ["of 257 characters", "k".repeat(257), 422],
    ["empty", "", 422],
    ["quoted and empty", '""', 422],
    ["sent twice", '"a", "b"', 422],
    ["sent twice without quotes", "a, b", 422],
    ["half quoted", '"a', 422],
    ["with letters beyond ASCII", "schl\u00fcssel", 422],
  ])("%s is accepted, or refused with the field Idempotency-Key", async (_, key, status) => {
    const answer = await send(schedules, { body, key });
    expect(answer.status).toBe(status);
    if (status === 422)
      expect(answer.body).toMatchObject({ code: "validation_failed", errors: [{ field: "Idempotency-Key" }] });
  });

  it("is the same with and without quotes", async () => {
    const key = newKey();
    const first = await send(schedules, { body, key });
    expect(await send(schedules, { body, key: `"${key}"` })).toEqual(first);
  });

  it.each([
    ["PUT of a schedule", schedule, "PUT"],
    ["PATCH of a schedule", schedule, "PATCH"],
    ["abort of a bulk job", bulkAbort, "POST"],
    ["reset of a breaker", breakerReset, "POST"],
    ["forced promotion", sync, "POST"],
    ["cleanup", cleanup, "POST"],
    ["sign-in", signInRoute, "POST"],
    ["sign-out", signOutRoute, "POST"],
    ["setup", setupRoute, "POST"],
  ] as const)("is refused by a call that does not support keys: %s", async (_, route, method) => {
    const id = await createNear();
    const answer = await send(route, { id, key: newKey(), method, body: {} });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "validation_failed", errors: [{ field: "Idempotency-Key" }] },
    });
    expect((await send(schedule, { id, method: "DELETE" })).status).toBe(204);
  });

  it("is ignored by a call that changes nothing", async () => {
    expect(
      (await send(schedulesPreview, { body: { cron_expression: "* * * * *", count: 1 }, key: newKey() })).status,
    ).toBe(200);
    const body = { action: "pause", ids: [await createNear()], dry_run: true };
    const key = newKey();
    expect((await send(bulk, { body, key })).status).toBe(200);
    expect((await send(bulk, { body: { ...body, dry_run: false }, key })).status).toBe(202);
  });
});

describe("a key of a tRPC mutation", () => {
  const MUTATIONS = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>)
    .filter(([, { _def }]) => _def.type === "mutation")
    .map(([path]) => path);
  /** Mutations that support keys. The tests of their services repeat them. */
  const TESTED_ELSEWHERE = [
    "access.inviteUser",
    "access.createApiKey",
    "access.createUser",
    "access.rotateApiKey",
    "bulk.undo",
    "pauseAll.pause",
    "pauseAll.resume",
    "schedules.delete",
    "schedules.restore",
  ];
  const SUPPORTED = [
    ...TESTED_ELSEWHERE,
    "bulk.start",
    "deadLetters.decide",
    "executions.replay",
    "schedules.create",
    "schedules.createMany",
    "schedules.execute",
    "schedules.toggle",
  ].sort();

  async function mutate(path: string, input: object, headers: Record<string, string> = {}) {
    const body = JSON.stringify(input);
    const response = await handleTrpc(
      new Request(`http://a.example/api/trpc/${path}`, {
        method: "POST",
        body,
        headers: {
          authorization: `Bearer ${secrets[0]}`,
          "content-type": "application/json",
          "content-length": String(body.length),
          ...headers,
        },
      }),
    );
    const { result, error } = (await response.json()) as {
      result?: { data: Record<string, string> };
      error?: { data: { appError: { code: string; faults: { field: string }[] } } };
    };
    return { status: response.status, data: result?.data, error: error?.data.appError };
  }
  const camel = (over: object = {}) => ({
    ...{ entityType: "x", action: "y", topic: "idem", executionTime: inSeconds(3600) },
    ...over,
  });

  it.each(MUTATIONS)("is refused as a header: %s", async (path) => {
    const { status, error } = await mutate(path, {}, { "idempotency-key": newKey() });
    expect({ status, ...error }).toMatchObject({
      ...{ status: 422, code: "validation_failed", faults: [{ field: "Idempotency-Key" }] },
    });
  });

  it.each(MUTATIONS.filter((path) => !SUPPORTED.includes(path)))("is refused as a field: %s", async (path) => {
    // Long enough also for the calls whose key must have 32 characters.
    const { status, error } = await mutate(path, { idempotencyKey: newKey().padEnd(32, "-") });
    expect(status).toBe(422);
    expect(error?.faults.map(({ field }) => field)).toContain("idempotency_key");
  });

  it("does the work once: create, batch, toggle, execute, bulk, dead letters", async () => {
    const id = await createNear();
    const calls: Record<string, object> = {
      "schedules.create": camel({ name: "idem trpc" }),
      "schedules.createMany": { items: [camel(), camel()] },
      "schedules.toggle": { scheduleId: id },
      "schedules.execute": { scheduleId: id },
      "bulk.start": { action: "retag", addTags: ["t"], ids: [id] },
      "deadLetters.decide": { action: "discard", ids: ["0190f3a0-0000-7000-8000-000000000000"] },
    };
    expect([...Object.keys(calls), ...TESTED_ELSEWHERE, "executions.replay"].sort()).toEqual(SUPPORTED);
    for (const [path, input] of Object.entries(calls)) {
      const key = newKey();
      const first = await mutate(path, { ...input, idempotencyKey: key });
      expect(first, path).toMatchObject({ status: 200, error: undefined });
      const again = await mutate(path, { ...input, idempotencyKey: key });
      // `created` tells which of the two requests created the schedule.
      expect({ ...again.data, created: null }, path).toEqual({ ...first.data, created: null });
      const other = await mutate(path, { ...input, idempotencyKey: key, ...OTHER[path] });
      if (OTHER[path]) expect(other.error?.code, path).toBe("idempotency_key_reused");
    }
    expect(await manualRuns(id)).toBe(1);
  });
  /** Fields that make the next call with the same key another request. */
  const OTHER: Record<string, object> = {
    "schedules.create": { description: "d" },
    "schedules.createMany": { items: [camel()] },
    "schedules.toggle": { enabled: true },
    "bulk.start": { addTags: ["u"] },
    "deadLetters.decide": { action: "replay" },
  };
});
