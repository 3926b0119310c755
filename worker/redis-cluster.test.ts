import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "~/server/domain/errors";
import { createUser, openCtx, SESSION_COOKIE } from "~/server/services/access";
import { getBulk, StartBulkInput, startBulk } from "~/server/services/bulk";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { getHealth, renderMetrics } from "~/server/services/monitoring";
import { createSchedule, createSchedules, executeSchedule, getSchedule } from "~/server/services/schedules";
import { type RunningCluster, startRedisCluster } from "~/server/testing/redis-cluster";
import { signIn } from "~/server/testing/sign-in";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

/*
 * The whole product on a Redis Cluster of three masters with replicas. Tests on a single server cannot find calls that
 * a cluster rejects with MOVED or CROSSSLOT.
 */
const SHARDS = 8;
let cluster: RunningCluster;
let stack: TestStack;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: true, appendonly: true });
  stack = await startTestStack({ redis: { url: cluster.url, shards: SHARDS } });
  for (let i = 0; i < 2; i += 1) workers.push(await startWorkerProcess(stack.env));
}, 120_000);
afterAll(async () => {
  for (const worker of workers) await worker.end();
  await stack?.stop();
  await cluster?.stop();
}, 60_000);

const event = (topic: string, over: object) => ({ topic, entityType: "user", action: "remind", payload: {}, ...over });
const create = async (topic: string, over: object) =>
  (await createSchedule({ ctx: stack.ctx, input: event(topic, over) as never })).schedule;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

async function executionsOf(topic: string) {
  const input = ListExecutionsInput.parse({ topic: [topic], limit: 500 });
  return (await listExecutions({ ctx: stack.ctx, input })).items;
}

/** Returns no rows if the error is an unreachable Redis: while a master is down, calls for its slots fail. */
function ignoreUnreachable(error: unknown): never[] {
  if (error instanceof AppError && error.code === "redis_unavailable") return [];
  throw error;
}

const succeeded = (topic: string, count: number, timeoutMs = 60_000) =>
  eventually(
    async () => {
      const rows = (await executionsOf(topic).catch(ignoreUnreachable)).filter((row) => row.status === "succeeded");
      return rows.length >= count ? rows : null;
    },
    { what: `${count} succeeded executions of ${topic}`, timeoutMs },
  );

describe("on a Redis Cluster", () => {
  test("near-term, recurring, delayed and manual events fire, and a long-term schedule is in ClickHouse", {
    timeout: 150_000,
  }, async () => {
    expect(await create("cluster.near", { executionTime: inMs(1000) })).toMatchObject({ tier: "redis" });
    expect(await create("cluster.far", { executionTime: inMs(40 * 86_400_000) })).toMatchObject({ tier: "clickhouse" });
    const cron = await create("cluster.cron", { cronExpression: "* * * * * *", maxRuns: 3, name: "every second" });
    const far = await create("cluster.manual", { executionTime: inMs(40 * 86_400_000) });
    await executeSchedule({ ctx: stack.ctx, input: { scheduleId: far.scheduleId } });
    await stack.deps.bus?.publish([
      {
        topic: "stufio.events.delayed",
        key: "user.1",
        value: JSON.stringify({ entity: { type: "user", id: "1" }, action: "x", payload: {} }),
        headers: { delivery_time: String(Date.now() + 500), original_topic: "cluster.delayed" },
      },
    ]);
    for (const topic of ["near", "manual", "delayed"]) await succeeded(`cluster.${topic}`, 1);
    await succeeded("cluster.cron", 3);
    const ended = async () => (await getSchedule({ ctx: stack.ctx, input: { scheduleId: cron.scheduleId } })).status;
    await expect.poll(ended, { timeout: 15_000 }).toBe("completed");
  });

  test("a user can sign in, a bulk job runs, and metrics and health are available", { timeout: 120_000 }, async () => {
    const { ctx } = stack;
    const account = {
      email: "ana@example.org",
      password: "correct horse battery",
      name: "Ana",
      role: "editor",
    } as const;
    await createUser({ ctx, input: account });
    const { token } = await signIn({ ctx, input: account, browser: { ip: null, userAgent: null, device: null } });
    const headers = new Headers({ cookie: `${SESSION_COOKIE}=${token}` });
    expect((await openCtx({ deps: stack.deps, headers })).ctx.principal).toMatchObject({ email: account.email });

    const items = Array.from({ length: 50 }, () =>
      event("cluster.bulk", { executionTime: inMs(3_600_000), tags: ["bulk"] }),
    );
    await createSchedules({ ctx, input: { items } });
    const started = await startBulk({
      ctx,
      input: StartBulkInput.parse({ action: "pause", filter: { tag: ["bulk"] } }),
    });
    if (!("jobId" in started)) throw new Error("no job was started");
    const job = async () => {
      const { status, changed } = await getBulk({ ctx, input: { jobId: started.jobId } });
      return { status, changed };
    };
    await expect.poll(job, { timeout: 30_000 }).toEqual({ status: "done", changed: 50 });

    expect(await renderMetrics({ ctx })).toMatch(/stufio_schedules_published_total [1-9]/);
    expect(await getHealth({ ctx })).toMatchObject({ status: "healthy" });
  });

  test("no event is lost, and each has one outcome, when a master is killed", { timeout: 240_000 }, async () => {
    const topic = "cluster.failover";
    const items = Array.from({ length: 200 }, (_, i) => event(topic, { executionTime: inMs(5000 + i * 100) }));
    const made = await createSchedules({ ctx: stack.ctx, input: { items } });
    const ids = made.items.flatMap((item) => ("scheduleId" in item ? [item.scheduleId] : []));
    expect(ids).toHaveLength(200);
    const onBus = () => stack.redis.xlen(`${stack.prefix}bus:${topic}`);
    await eventually(async () => ((await onBus()) >= 20 ? true : null), {
      what: "20 events on the bus",
      timeoutMs: 60_000,
    });
    expect(await onBus()).toBeLessThan(200);
    await cluster.failOver(`${stack.prefix}{0}:sched`);
    const rows = await succeeded(topic, 200, 90_000);
    expect(rows.map((row) => row.scheduleId).sort()).toEqual(ids.toSorted());
    // The killed node returns as a replica of the new master.
    await cluster.revive();
    await create("cluster.after", { executionTime: inMs(500) });
    await succeeded("cluster.after", 1);
  });
});
