import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { confirmations } from "./confirmations";
import { createSchedule } from "./create";
import { placedDefinition, storeNew } from "./new-schedule";

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const DAY_MS = 86_400_000;
const longTerm = () => ({
  ...{ topic: "far", entityType: "x", action: "y" },
  executionTime: new Date(Date.now() + 90 * DAY_MS).toISOString(),
});
let idCount = 0;
/** Stores a new long-term schedule in the outbox, without waiting for ClickHouse. */
async function storeLongTerm() {
  const { ctx } = stack;
  idCount += 1;
  const scheduleId = `0190f3a0-0000-7000-8000-${String(idCount).padStart(12, "0")}`;
  const context = { scheduleId, nowMs: Date.now(), settings: ctx.deps.settings.current() };
  expect(await storeNew(ctx, await placedDefinition(ctx, longTerm(), context))).toMatchObject({ status: "stored" });
  return { scheduleId, revision: 1 };
}
const missing = async (rows: Awaited<ReturnType<typeof storeLongTerm>>[], timeoutMs: number) => [
  ...(await confirmations(stack.deps).waitFor(rows, timeoutMs)),
];

let revisionQueries: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  revisionQueries = vi.spyOn(stack.deps.store, "revisions");
  return () => revisionQueries.mockRestore();
});

it("waiting creates are confirmed together, with far fewer queries than creates", async () => {
  const recording = keepRecording(stack.deps);
  try {
    const created = await Promise.all(
      Array.from({ length: 200 }, () => createSchedule({ ctx: stack.ctx, input: longTerm() as never })),
    );
    expect(created.filter(({ durable }) => durable === "clickhouse")).toHaveLength(200);
  } finally {
    await recording.stop();
  }
  // About one query per batch of the recorder.
  expect(revisionQueries.mock.calls.length).toBeGreaterThanOrEqual(1);
  expect(revisionQueries.mock.calls.length).toBeLessThan(60);
});

it("ClickHouse is not queried while nothing is recorded", async () => {
  const row = await storeLongTerm();
  expect(await missing([row], 300)).toEqual([row.scheduleId]);
  expect(revisionQueries).not.toHaveBeenCalled();
  await recordAll(stack.deps, 0);
  expect(await missing([row], 10_000)).toEqual([]);
});

it("every request that waits for a row gets an answer, with the rows that are still missing", async () => {
  const [first, second] = [await storeLongTerm(), await storeLongTerm()];
  await recordAll(stack.deps, 0);
  const third = await storeLongTerm();
  const answers = await Promise.all([
    missing([first, second], 10_000),
    missing([second, third], 500),
    missing([first], 10_000),
  ]);
  expect(answers).toEqual([[], [third.scheduleId], []]);
});

it("a row that the recorder acknowledged and ClickHouse refused is not confirmed", async () => {
  const row = await storeLongTerm();
  const { hot } = stack.deps;
  const batch = await hot.readBatch({ shard: 0, limit: 100 });
  if (batch === null) throw new Error("The outbox is empty.");
  await hot.ackBatch({ batch, fenceTtlMs: 60_000 });
  expect(await missing([row], 300)).toEqual([row.scheduleId]);
  expect(revisionQueries).toHaveBeenCalled();
});

it("ClickHouse is queried for a row whose fence has expired", async () => {
  const row = await storeLongTerm();
  await recordAll(stack.deps, 0);
  await stack.redis.del(`${stack.prefix}{0}:fence`, `${stack.prefix}{0}:fence:exp`);
  expect(await missing([row], 10_000)).toEqual([]);
});
