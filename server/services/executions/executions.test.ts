import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Execution } from "~/server/domain/execution";
import { newScheduleId } from "~/server/new-schedule-id";
import type { Claim } from "~/server/ports/hot/claims";
import { createBreakers } from "~/server/services/firing/breakers";
import { runClaims } from "~/server/services/firing/run-claims";
import { createSchedule, deleteSchedule, executeSchedule, getSchedule } from "~/server/services/schedules";
import { anExecution } from "~/server/testing/executions";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { getExecution, ListInFlightInput, listInFlight, ReplayInput, replayExecution } from ".";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const ctx = () =>
  ({
    ...stack.ctx,
    principal: { id: "u", email: "ana@x.org", name: "Ana", role: "editor", via: "session" },
  }) as const;

/** By default, the schedule does not fire by itself during the test. */
async function create(over: object = {}): Promise<string> {
  const event = { topic: "t", entityType: "user", action: "a", payload: { n: 1 }, headers: { tenant: "acme" } };
  const recording = keepRecording(stack.deps);
  const input = { ...event, cronExpression: "0 0 1 1 *", ...over } as never;
  const { schedule } = await createSchedule({ ctx: ctx(), input });
  await recording.stop();
  return schedule.scheduleId;
}

async function claim(leaseMs = 30_000): Promise<Claim[]> {
  const limits = { limit: 1000, catchUpLimit: 1000, graceMs: 60_000 };
  const { claims } = await stack.deps.hot.claim({ workerId: "w", shard: 0, leaseMs, ...limits });
  return claims.filter((one): one is Claim => one.kind === "occurrence");
}

/** Publishes and records due occurrences. */
async function fire(): Promise<void> {
  const { deps } = stack;
  const claims = await claim();
  await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims, nowMs: Date.now() });
  await recordAll(deps, 0);
}

/** Runs the schedule manually and returns the id of the ended execution. */
async function runToEnd(scheduleId: string): Promise<string> {
  const { executionId } = await executeSchedule({ ctx: ctx(), input: { scheduleId } });
  await fire();
  return executionId;
}

const get = (executionId: string) => getExecution({ ctx: ctx(), input: { executionId } });
const replay = (executionId: string, edit: object = {}) =>
  replayExecution({ ctx: ctx(), input: ReplayInput.parse({ executionId, ...edit }) });
const published = async (topic: string, executionId: string) =>
  (await stack.published(topic)).filter(({ headers }) => headers.execution_id === executionId);

describe("a replay", () => {
  test("with an edited payload and headers publishes them once, also after a crash, and is recorded with them", async () => {
    const scheduleId = await create();
    const original = await runToEnd(scheduleId);
    const edit = { body: '{"n": 2.0}', headers: { tenant: "other", extra: "1" } };
    const { executionId } = await replay(original, edit);
    // The worker that claimed the replay dies before it publishes.
    expect(await claim(1)).toHaveLength(1);
    await expect.poll(() => stack.deps.hot.rescue({ limit: 10, shard: 0 })).toBe(1);
    await fire();
    const [message, ...others] = await published("t", executionId);
    expect(others).toEqual([]);
    expect(message?.value).toContain('"payload":{"n": 2.0}');
    expect(message?.headers).toMatchObject(edit.headers);
    expect(await get(executionId)).toMatchObject({ payload: '{"n": 2.0}', headers: edit.headers, status: "succeeded" });
    // Neither the original nor the schedule has changed.
    expect(await get(original)).toMatchObject({ payload: '{"n":1}', headers: { tenant: "acme" } });
    const schedule = await getSchedule({ ctx: ctx(), input: { scheduleId } });
    expect(schedule).toMatchObject({ payload: '{"n":1}', headers: { tenant: "acme" }, version: 1 });
  });

  test("is audited with the edited fields", async () => {
    const original = await runToEnd(await create());
    const { executionId } = await replay(original, { payload: { n: 3 } });
    const { audit } = await stack.deps.hot.unflushed({ limit: 100 });
    const entry = audit.map((json) => JSON.parse(json)).find((one) => one.target === original);
    expect(entry).toMatchObject({
      action: "execution.replay",
      actor: "ana@x.org",
      before: { payload: '{"n":1}' },
      after: { executionId, payload: '{"n":3}' },
    });
    expect(entry.after).not.toHaveProperty("headers");
    await fire();
  });

  test("has its original and all replays in its lineage, including replays that still wait", async () => {
    const original = await runToEnd(await create());
    const first = await replay(original, { body: '{"n":9}' });
    const waiting = await get(first.executionId);
    expect(waiting).toMatchObject({ status: "pending", replayOf: original, payload: '{"n":9}' });
    await fire();
    const second = await replay(first.executionId);
    const expected = [
      { executionId: original, number: 0, status: "succeeded", isEdited: false },
      { executionId: first.executionId, number: 1, status: "succeeded", isEdited: true, actor: "ana@x.org" },
      { executionId: second.executionId, number: 2, status: "pending", isEdited: true },
    ];
    expect((await get(original)).lineage).toMatchObject(expected);
    expect((await get(second.executionId)).lineage).toMatchObject(expected);
    await fire();
    // The replay of an edited replay has the edited payload.
    expect((await get(second.executionId)).payload).toBe('{"n":9}');
    expect((await get(original)).lineage[2]).toMatchObject({ status: "succeeded", isEdited: true });
  });

  test("is in the lineage however many replays wait", async () => {
    const original = await runToEnd(await create());
    for (let n = 0; n < 25; n += 1) await replay(original);
    expect((await get(original)).lineage.map(({ number }) => number)).toEqual(Array.from({ length: 26 }, (_, n) => n));
    await fire();
  });

  test.each([
    ["a payload that is not an object", { body: "[1]" }, "validation_failed"],
    ["a payload that is not JSON", { body: "{" }, "validation_failed"],
    ["a payload above the limit", { body: `{"a":"${"x".repeat(1024 * 1024)}"}` }, "payload_too_large"],
    ["a reserved header", { headers: { event_id: "1" } }, "validation_failed"],
  ])("with %s is refused", async (_, edit, code) => {
    const original = await runToEnd(await create());
    await expect(replay(original, edit)).rejects.toMatchObject({ code });
    expect((await get(original)).lineage).toEqual([]);
  });

  test.each([
    ["an event", { source: "admin" as const, rawValue: false }],
    ["a delayed message with a raw value", { source: "kafka_delayed" as const, rawValue: true }],
  ])("of %s is made from the ledger when the schedule is gone", async (_, over) => {
    const event = { topic: "gone", entityType: "user", entityId: "7", action: "remind", correlationId: "c-1" };
    const actor = { actorType: "user" as const, actorId: "ann" };
    const row = anExecution({ ...event, ...actor, ...over, payload: '{"a": 1.0}', headers: { x: "y" } });
    await record(row);
    const { executionId } = await replay(row.executionId);
    await fire();
    const [message] = await published("gone", executionId);
    if (over.rawValue) expect(message?.value).toBe('{"a": 1.0}');
    else {
      expect(JSON.parse(message?.value ?? "")).toMatchObject({
        correlation_id: "c-1",
        entity: { type: "user", id: "7" },
        actor: { type: "user", id: "ann" },
        action: "remind",
        payload: { a: 1 },
      });
    }
    expect(message?.headers).toMatchObject({ x: "y", schedule_id: row.scheduleId });
    expect(await get(executionId)).toMatchObject({ payload: '{"a": 1.0}', ...actor, replayOf: row.executionId });
    // The replay has not created a schedule.
    await expect(getSchedule({ ctx: ctx(), input: { scheduleId: row.scheduleId } })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("is refused if neither the execution nor a schedule has a payload", async () => {
    const row = anExecution({ outcome: "skipped", payload: "", scheduleId: newScheduleId() });
    await record(row);
    await expect(replay(row.executionId)).rejects.toMatchObject({ code: "not_found" });
  });
});

/** Writes rows into the ledger. */
const record = (...executions: Execution[]) =>
  stack.deps.store.insertBatch({ token: newScheduleId(), schedules: [], executions });

describe("the content of an occurrence that did not run", () => {
  test("is the content that it would have published", async () => {
    const scheduleId = await create({
      cronExpression: undefined,
      executionTime: new Date(Date.now() + 60_000).toISOString(),
    });
    await deleteSchedule({ ctx: ctx(), input: { scheduleId } });
    await recordAll(stack.deps, 0);
    const { items } = await stack.deps.store.listExecutions({ scheduleId, limit: 1 });
    expect(await get(items[0]?.executionId as string)).toMatchObject({
      status: "cancelled",
      contentFrom: "recorded",
      payload: '{"n":1}',
      headers: { tenant: "acme" },
    });
  });

  test("is the schedule's if none was recorded and the schedule still has the execution's version", async () => {
    const scheduleId = await create();
    const known = anExecution({ scheduleId, outcome: "skipped", payload: "", scheduleVersion: 1 });
    const older = anExecution({
      scheduleId,
      outcome: "skipped",
      payload: "",
      scheduleVersion: 0,
      // Another time than the default, so that the rows are two executions.
      scheduledFor: 1_800_000_000_001,
    });
    await record(known, older);
    expect(await get(known.executionId)).toMatchObject({ contentFrom: "definition", payload: '{"n":1}' });
    expect(await get(older.executionId)).toMatchObject({ contentFrom: "unknown", payload: "null" });
  });
});

describe("executions in flight", () => {
  const list = (filter: object = {}) => listInFlight({ ctx: ctx(), input: ListInFlightInput.parse(filter) });
  const statuses = async (filter: object = {}) => (await list(filter)).items.map((row) => row.status);
  let scheduleId: string;

  beforeAll(async () => {
    scheduleId = await create({ topic: "busy", payload: { secret: 1 } });
    const other = await create({ topic: "calm" });
    const run = (id: string) => executeSchedule({ ctx: ctx(), input: { scheduleId: id } });
    await run(scheduleId);
    await run(scheduleId);
    const [retried, held] = await claim();
    const attempt = { n: 1, at: Date.now(), durationMs: 2, workerId: "w", errorClass: "publish", error: "refused" };
    const later = Date.now() + 600_000;
    await stack.deps.hot.settle([
      { kind: "retry", claim: retried as Claim, atMs: later, attempts: [attempt], tail: null },
      { kind: "hold", claim: held as Claim, untilMs: later, tail: null },
    ]);
    await run(scheduleId);
    await claim();
    await run(other);
  });

  test("are listed with their state, running executions first, and counted", async () => {
    const page = await list();
    expect(page.items.map((row) => row.status).toSorted()).toEqual(["held", "pending", "retrying", "running"]);
    expect(page.items[0]).toMatchObject({ status: "running", leaseEndsAt: expect.any(String), dueAt: null });
    expect(page.counts).toEqual({ running: 1, held: 1, waiting: 2 });
    expect(page.isComplete).toBe(true);
    const retrying = page.items.find((row) => row.status === "retrying");
    expect(retrying).toMatchObject({ attemptCount: 1, error: "refused", errorClass: "publish", trigger: "manual" });
    expect(Date.parse(retrying?.dueAt ?? "")).toBeGreaterThan(Date.now() + 500_000);
    expect(JSON.stringify(page)).not.toContain("secret");
  });

  test.each([
    [{ status: "held" }, ["held"]],
    [{ status: ["retrying", "pending"], topic: "busy" }, ["retrying"]],
    [{ topic: "calm" }, ["pending"]],
    [{ topic: "none" }, []],
  ])("are filtered by %j", async (filter, expected) => {
    expect(await statuses(filter)).toEqual(expected);
  });

  test("are filtered by schedule, and isComplete is false if there are more than the limit", async () => {
    expect(await statuses({ scheduleId })).toHaveLength(3);
    const page = await list({ scheduleId, limit: 1 });
    expect(page).toMatchObject({ items: [{ status: "running" }], isComplete: false });
  });

  test("show their payload when they are read one by one", async () => {
    const [held] = (await list({ status: "held" })).items;
    expect(await get(held?.executionId as string)).toMatchObject({ status: "held", payload: '{"secret":1}' });
  });
});
