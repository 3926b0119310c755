import { afterAll, beforeAll, expect, test } from "vitest";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { bulkRunKey } from "~/server/domain/ids";
import { getBulk, startBulk, undoBulk } from "~/server/services/bulk";
import type { BulkJob } from "~/server/services/bulk/jobs";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { rebuild } from "~/server/services/firing/rebuild";
import { createSchedules } from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker } from "~/worker/worker";

/** Schedules per step of a job. */
const STEP = 500;
/** Needs two steps. */
const COUNT = STEP + 1;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

/** Creates and records `COUNT` schedules, and returns their ids. */
async function createGroup(topic: string): Promise<string[]> {
  const event = { topic, entityType: "x", action: "y", cronExpression: "0 3 * * *" };
  const { items } = await createSchedules({ ctx: stack.ctx, input: { items: Array(COUNT).fill(event) } });
  await record();
  return items.flatMap((item) => ("scheduleId" in item ? [item.scheduleId] : []));
}

const record = () => recordAll(stack.deps, 0);
const start = async (input: object) => (await startBulk({ ctx: stack.ctx, input: input as never })) as BulkJob;
const countEnabled = async (ids: readonly string[]) => {
  await record();
  return (await stack.deps.store.getSchedules(ids)).filter((row) => row.enabled).length;
};

async function loseRedis(): Promise<void> {
  const script = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end";
  await stack.redis.eval(script, 0, `${stack.prefix}*`);
  await rebuild(stack.deps);
}

async function finish(jobId: string): Promise<BulkJob> {
  while (await runBulkStep(stack.deps));
  return getBulk({ ctx: stack.ctx, input: { jobId } });
}

test("a job continues after a loss of Redis, and can be undone after another loss", { timeout: 120_000 }, async () => {
  const ids = await createGroup("lost.pause");
  const { jobId } = await start({ action: "pause", ids, dryRun: false });
  await runBulkStep(stack.deps);
  expect(await countEnabled(ids)).toBe(COUNT - STEP);
  await loseRedis();
  expect(await finish(jobId)).toMatchObject({ status: "done", total: COUNT, done: COUNT, changed: COUNT, failed: 0 });
  expect(await countEnabled(ids)).toBe(0);
  await loseRedis();
  const undo = await undoBulk({ ctx: stack.ctx, input: { jobId } });
  expect(await finish(undo.jobId)).toMatchObject({ status: "done", changed: COUNT });
  expect(await countEnabled(ids)).toBe(COUNT);
});

test("a job that Redis lost after its first step runs no schedule twice", { timeout: 120_000 }, async () => {
  const ids = await createGroup("lost.execute");
  const begun = await start({ action: "execute", ids, dryRun: false });
  await runBulkStep(stack.deps);
  const worker = await startWorker({ deps: stack.deps, port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
  const runs = async () => {
    const input = ListExecutionsInput.parse({ topic: ["lost.execute"], limit: 500 });
    const first = await listExecutions({ ctx: stack.ctx, input });
    const rest = first.nextCursor
      ? await listExecutions({ ctx: stack.ctx, input: { ...input, cursor: first.nextCursor } })
      : { items: [] };
    return [...first.items, ...rest.items].map((row) => row.scheduleId);
  };
  const allRan = async () => ((await runs()).length >= COUNT ? true : null);
  await eventually(allRan, { what: "all have run", timeoutMs: 60_000 });
  await worker.stop();
  // Replace the job's newest row in ClickHouse with its state before the step.
  await stack.deps.hot.append(
    DOCUMENT_KIND.bulkJob,
    JSON.stringify({ id: `job/${begun.jobId}`, at: Date.now() + 60_000, job: begun }),
  );
  await record();
  await loseRedis();
  expect(await finish(begun.jobId)).toMatchObject({ status: "done", changed: COUNT, skipped: 0 });
  await record();
  const keys = ids.map((id) => bulkRunKey(id, begun.jobId));
  expect(await stack.deps.hot.instances(keys)).toEqual(new Set());
  const ran = await runs();
  expect([ran.length, new Set(ran).size]).toEqual([COUNT, COUNT]);
});
