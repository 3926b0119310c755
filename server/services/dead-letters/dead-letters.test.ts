import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "~/server/domain/errors";
import type { StoredExecution } from "~/server/domain/execution";
import { replayKey } from "~/server/domain/ids";
import type { Delivered } from "~/server/ports/bus";
import { ListAuditInput, listAudit } from "~/server/services/audit-trail";
import { getBulk } from "~/server/services/bulk";
import { decideItems } from "~/server/services/bulk/decide-items";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { decideDeadLetters, previewDeadLetters, refusedMessages } from "~/server/services/dead-letters";
import { getExecution, ListExecutionsInput, listExecutions, replayExecution } from "~/server/services/executions";
import { findEnded } from "~/server/services/executions/get";
import { replayEnded } from "~/server/services/executions/replay";
import { consumeDelayed } from "~/server/services/firing/consume";
import { createSchedules } from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker, type Worker } from "~/worker/worker";

let stack: TestStack;
let worker: Worker;

beforeAll(async () => {
  stack = await startTestStack();
  worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await stack?.stop();
});

const deadLetters = async (topic: string) =>
  (
    await listExecutions({
      ctx: stack.ctx,
      input: ListExecutionsInput.parse({ topic, status: "dead", decided: false }),
    })
  ).items;
const finish = (jobId: string) =>
  eventually(
    async () => {
      const job = await getBulk({ ctx: stack.ctx, input: { jobId } });
      return job.endedAt === null ? null : job;
    },
    { what: "the job is over" },
  );

/** Creates dead letters. Publishing fails, because the key of the topic's stream has another type. */
async function createDeadLetters(topic: string, count: number): Promise<string[]> {
  const key = `${stack.prefix}bus:${topic}`;
  await stack.redis.set(key, "no stream");
  const items = Array.from({ length: count }, (_, n) => ({
    topic,
    entityType: "invoice",
    action: "send",
    payload: { n },
    maxRetries: 0,
    executionTime: new Date(Date.now() + 300).toISOString(),
  }));
  await createSchedules({ ctx: stack.ctx, input: { items } });
  const found = await eventually(
    async () => {
      const rows = await deadLetters(topic);
      return rows.length === count ? rows : null;
    },
    { what: `${count} dead letters` },
  );
  await stack.redis.del(key);
  return found.map((row) => row.executionId);
}

async function ended(executionId: string): Promise<StoredExecution> {
  const row = await findEnded(stack.deps, executionId);
  if (row === null) throw new Error(`${executionId} has not ended`);
  return row;
}

const decide = async (input: object) => {
  const job = await decideDeadLetters({ ctx: stack.ctx, input: { dryRun: false, ...input } as never });
  if (!("jobId" in job)) throw new Error("expected a job");
  return finish(job.jobId);
};

describe("dead letters", () => {
  test("that match a filter are each replayed once and leave the list", async () => {
    // Four, because five failures in a row would open the topic's breaker.
    const ids = await createDeadLetters("replayed", 4);
    const preview = await previewDeadLetters({
      ctx: stack.ctx,
      input: { action: "replay", filter: { topic: ["replayed"] }, dryRun: true },
    });
    expect(preview.count).toBe(4);
    expect(await decide({ action: "replay", filter: { topic: ["replayed"] } })).toMatchObject({
      changed: 4,
      failed: 0,
    });
    await eventually(async () => ((await deadLetters("replayed")).length === 0 ? true : null), {
      what: "the list is empty",
    });
    const sent = await eventually(
      async () => {
        const messages = await stack.published("replayed");
        return messages.length >= 4 ? messages : null;
      },
      { what: "all are published" },
    );
    expect(sent).toHaveLength(4);
    // By id, executions that were already decided can be decided again.
    expect(await decide({ action: "discard", ids })).toMatchObject({ changed: 4 });
  }, 60_000);

  test("leave the list after a single replay, whose execution names the original", async () => {
    const [executionId] = await createDeadLetters("single", 1);
    const replay = await replayExecution({ ctx: stack.ctx, input: { executionId: executionId as string } });
    await eventually(async () => ((await deadLetters("single")).length === 0 ? true : null), {
      what: "the list is empty",
    });
    const replayed = await eventually(
      () => getExecution({ ctx: stack.ctx, input: { executionId: replay.executionId } }).catch(() => null),
      { what: "the replay is known" },
    );
    expect(replayed).toMatchObject({ trigger: "replay", replayOf: executionId });
  });

  test("are discarded without being published, and stay in the ledger", async () => {
    const ids = await createDeadLetters("discarded", 3);
    expect(await decide({ action: "discard", ids })).toMatchObject({ changed: 3, failed: 0 });
    await eventually(async () => ((await deadLetters("discarded")).length === 0 ? true : null), {
      what: "the list is empty",
    });
    const all = await listExecutions({ ctx: stack.ctx, input: ListExecutionsInput.parse({ topic: "discarded" }) });
    expect(all.items.map((row) => row.status)).toEqual(["dead", "dead", "dead"]);
    expect(await stack.published("discarded")).toHaveLength(0);
  });

  test("are not replayed twice if a step of the job is repeated", async () => {
    await worker.stop();
    try {
      // The discarded executions of the test above.
      const rows = await stack.deps.store.listExecutions({ topic: ["discarded"], limit: 10 });
      const ids = rows.items.map((row) => row.executionId);
      const job = await decideDeadLetters({ ctx: stack.ctx, input: { action: "replay", ids, dryRun: false } });
      if (!("jobId" in job)) throw new Error("expected a job");
      const before = JSON.stringify(await getBulk({ ctx: stack.ctx, input: { jobId: job.jobId } }));
      await runBulkStep(stack.deps);
      // The step was executed, but its worker died before it stored the result.
      await stack.redis.set(`${stack.prefix}bulk:job:${job.jobId}`, before);
      await stack.redis.zadd(`${stack.prefix}bulk:active`, 1, job.jobId);
      while (await runBulkStep(stack.deps));
      const again = await getBulk({ ctx: stack.ctx, input: { jobId: job.jobId } });
      expect(again).toMatchObject({ status: "done", changed: 3, skipped: 0 });
      const { pending } = await stack.deps.hot.stats();
      expect(pending).toBe(3);
    } finally {
      worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
    }
  });

  test("are each replayed once by a job that Redis lost, also if somebody replayed them before", async () => {
    const [byOthers, before, never] = (await createDeadLetters("earlier", 3)) as [string, string, string];
    const createdAt = Date.now();
    const rows = await Promise.all([byOthers, before, never].map(ended));
    const expectRecorded = (counts: readonly number[]) => {
      const keys = rows.flatMap(({ key }, i) =>
        Array.from({ length: counts[i] ?? 0 }, (_, n) => replayKey(key, n + 1)),
      );
      return eventually(async () => ((await stack.deps.store.settledKeys(keys)).size === keys.length ? true : null), {
        what: `the dead letters have ${counts} recorded replays`,
      });
    };
    await replayEnded(stack.deps, { ended: await ended(byOthers), actor: "bob", seed: null });
    const minuteAgo = { ...stack.deps, hot: { ...stack.deps.hot, now: async () => createdAt - 60_000 } };
    await replayEnded(minuteAgo, { ended: await ended(before), actor: "ann", seed: null });
    await expectRecorded([1, 1, 0]);
    const restored = (jobId: string) => ({
      ...{ jobId, action: "replay", actor: "ann", restored: true, createdAt },
      ...{ changed: 0, skipped: 0, failed: 0, failures: [] },
    });
    const job = restored("restored");
    // Redis loses the decisions, but not the replays, which are in the shards of their schedules.
    const withoutDecisions = { ...stack.deps, hot: { ...stack.deps.hot, append: async () => "" } };
    await decideItems(withoutDecisions, job as never, [byOthers, before, never]);
    expect(job).toMatchObject({ changed: 3, skipped: 0, failed: 0 });
    await expectRecorded([2, 2, 1]);
    // Redis has no answers under this id.
    const again = restored("restored-again");
    await decideItems(stack.deps, again as never, [byOthers, before, never]);
    expect(again).toMatchObject({ changed: 3, skipped: 0, failed: 0 });
    const isEmpty = async () => ((await deadLetters("earlier")).length === 0 ? true : null);
    await eventually(isEmpty, { what: "all have left the list" });
  }, 60_000);

  test("are replayed although the schedule of another cannot be encoded for Redis", async () => {
    const ids = (await createDeadLetters("beside-bad", 2)) as [string, string];
    const { store } = stack.deps;
    const { scheduleId } = await ended(ids[0]);
    const lastRow = async () => (await store.getSchedules([scheduleId])).find((row) => row.state.completed) ?? null;
    const row = await eventually(lastRow, { what: "the completed schedule is recorded" });
    const bad = { ...row, priority: 10, state: { ...row.state, revision: row.state.revision + 1 } };
    await store.insertBatch({ token: scheduleId, schedules: [bad], executions: [] });
    const job = {
      ...{ jobId: "beside-bad", action: "replay", actor: "ann" },
      ...{ changed: 0, skipped: 0, failed: 0, failures: [] },
    };
    await decideItems(stack.deps, job as never, ids);
    expect(job).toMatchObject({
      ...{ changed: 1, skipped: 0, failed: 1 },
      failures: [{ id: ids[0], reason: "priority: must be a whole number from 0 to 9, got 10" }],
    });
  });

  test("are replayed if the step is repeated after ClickHouse was down", async () => {
    const { items } = await stack.deps.store.listExecutions({ topic: ["discarded"], status: ["dead"], limit: 1 });
    const id = items[0]?.executionId as string;
    const job = {
      jobId: "interrupted",
      action: "replay",
      actor: "ann",
      changed: 0,
      skipped: 0,
      failed: 0,
      failures: [],
    };
    const unavailable = async () => {
      throw new AppError("clickhouse_unavailable", "away");
    };
    const withoutClickHouse = { ...stack.deps, store: { ...stack.deps.store, settledKeys: unavailable } };
    await expect(decideItems(withoutClickHouse, job as never, [id])).rejects.toMatchObject({
      code: "clickhouse_unavailable",
    });
    await decideItems(stack.deps, job as never, [id]);
    expect(job).toMatchObject({ changed: 1, skipped: 0, failed: 0 });
  });

  test.each([
    { what: "the reply about the replay", lost: "enqueueOnce" },
    { what: "the decision", lost: "append" },
  ] as const)("are replayed once if the step is repeated after Redis lost $what", async ({ lost }) => {
    const [id] = (await createDeadLetters(`lost-${lost}`, 1)) as [string];
    const { key } = await ended(id);
    const job = {
      jobId: `lost-${lost}`,
      action: "replay",
      actor: "ann",
      changed: 0,
      skipped: 0,
      failed: 0,
      failures: [],
    };
    const { hot } = stack.deps;
    const unavailable = () => {
      throw new AppError("redis_unavailable", "away");
    };
    const failing = {
      enqueueOnce: async (input: Parameters<typeof hot.enqueueOnce>[0]) => {
        await hot.enqueueOnce(input);
        return unavailable();
      },
      append: async () => unavailable(),
    };
    const withFailure = { ...stack.deps, hot: { ...hot, [lost]: failing[lost] } };
    await expect(decideItems(withFailure, job as never, [id])).rejects.toMatchObject({ status: 503 });
    await decideItems(stack.deps, job as never, [id]);
    expect(job).toMatchObject({ changed: 1, skipped: 0, failed: 0 });
    await eventually(async () => ((await deadLetters(`lost-${lost}`)).length === 0 ? true : null), {
      what: "the dead letter has left the list",
    });
    await eventually(async () => ((await stack.deps.store.settledKeys([replayKey(key, 1)])).size === 1 ? true : null), {
      what: "the replay is recorded",
    });
    expect(await stack.published(`lost-${lost}`)).toHaveLength(1);
    expect(await stack.deps.hot.instances([replayKey(key, 2)])).toEqual(new Set());
  });

  test.each([
    { what: "the filter is empty", input: { action: "replay", filter: {} } },
    { what: "ids and filter are missing", input: { action: "discard" } },
  ])("are not decided if $what", async ({ input }) => {
    await expect(decide(input)).rejects.toMatchObject({ code: "validation_failed" });
  });
});

test("each refused message of the delayed topic is listed once, newest first, even if it is redelivered", async () => {
  const message = (offset: string, timestampMs: number): Delivered => ({
    topic: "delayed",
    partition: "0",
    offset,
    key: null,
    value: Buffer.from(`{"n":${offset}}`),
    headers: {},
    timestampMs,
    inOrder: false,
  });
  const batch = [message("1", 1000), message("2", 2000)];
  for (let delivered = 0; delivered < 2; delivered += 1) {
    expect(await consumeDelayed(stack.deps, batch)).toMatchObject({ refused: 2, stored: 0 });
  }
  const rows = await eventually(
    async () => {
      await recordAll(stack.deps, 0);
      const found = await refusedMessages({ ctx: stack.ctx, input: { limit: 10 } });
      return found.length >= 2 ? found : null;
    },
    { what: "they are recorded" },
  );
  expect(rows.map((row) => row.offset)).toEqual(["2", "1"]);
  expect(rows[0]).toMatchObject({ code: "original_topic_missing", value: '{"n":2}', topic: "delayed", partition: "0" });
  const one = (id: string) => refusedMessages({ ctx: stack.ctx, input: { limit: 1, id, reveal: true } });
  expect(await one("delayed/0/1")).toEqual([rows[1]]);
  await expect(one("delayed/0/3")).rejects.toMatchObject({ code: "not_found" });
  await recordAll(stack.deps, 0);
  const input = ListAuditInput.parse({ from: new Date(0).toISOString(), target: "delayed/0/1" });
  const { items } = await listAudit({ ctx: stack.ctx, input });
  expect(items.map(({ verb }) => verb)).toEqual(["refused_message.reveal"]);
});
