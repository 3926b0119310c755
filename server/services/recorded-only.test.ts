import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAll } from "~/server/testing/recording";
import { type RunningRedis, startRedis } from "~/server/testing/services/redis";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { ListExecutionsInput, listExecutions } from "./executions";
import { createSchedule, ListSchedulesInput, listSchedules } from "./schedules";

/* Lists while Redis hangs. This file has its own Redis, which it stops with SIGSTOP. */

let dir: string;
let redis: RunningRedis;
let stack: TestStack;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stufio-recorded-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  stack = await startTestStack({ redis: { url: redis.url, shards: 1 } });
}, 120_000);
afterAll(async () => {
  process.kill(redis.pid, "SIGCONT");
  await stack?.stop();
  await redis?.stop();
  await rm(dir, { recursive: true, force: true });
});

test("pages get the recorded rows while Redis hangs, marked as such; programs get an error", async () => {
  const { deps } = stack;
  const input = { topic: "orders", entityType: "order", action: "close", cronExpression: "0 3 * * *" };
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
  await recordAll(deps, 0);
  const page = { ...stack.ctx, allowsListsWithoutRedis: true };
  const schedules = (ctx: typeof stack.ctx) => listSchedules({ ctx, input: ListSchedulesInput.parse({}) });
  const executions = (ctx: typeof stack.ctx) => listExecutions({ ctx, input: ListExecutionsInput.parse({}) });
  expect((await schedules(page)).isRecordedOnly).toBeUndefined();

  process.kill(redis.pid, "SIGSTOP");
  await deps.reach.check();
  const found = await schedules(page);
  expect(found).toMatchObject({ total: 1, isRecordedOnly: true });
  expect(found.items.map(({ scheduleId }) => scheduleId)).toEqual([schedule.scheduleId]);
  expect(await executions(page)).toMatchObject({ items: [], isRecordedOnly: true });
  await expect(schedules(stack.ctx)).rejects.toMatchObject({ code: "redis_unavailable" });

  process.kill(redis.pid, "SIGCONT");
  await expect.poll(async () => (await deps.reach.check()).redis, { timeout: 20_000 }).toBe(true);
  expect((await schedules(page)).isRecordedOnly).toBeUndefined();
}, 60_000);
