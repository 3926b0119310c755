import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis } from "~/scripts/services/redis";
import { createClickHouse } from "~/server/adapters/clickhouse/client";
import { type EmbeddedClickHouse, startEmbedded } from "~/server/adapters/clickhouse/embedded/start";
import type { CapabilityName } from "~/server/domain/views";
import { getHealth, renderMetrics } from "~/server/services/monitoring";
import { createSchedule } from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import type { LoopStatus } from "./loop";
import { startWorker, type Worker } from "./worker";

/*
 * What the product does for its callers, each with its state and reason: degraded within 10 s of the cause, ok within 10 s of its end. On parts of
 * this file's own: a Redis that is filled up, a ClickHouse that is stopped.
 */

let dir: string;
let redis: Awaited<ReturnType<typeof startRedis>>;
let engine: EmbeddedClickHouse;
let stack: TestStack;
let worker: Worker;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stufio-readiness-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  engine = await startEmbedded({ path: join(dir, "clickhouse") });
  stack = await startTestStack({ redis: { url: redis.url, shards: 1 }, clickhouse: { url: engine.url } });
  // A promotion that fails shows at the next one.
  stack.change({ clickhouseSyncInterval: 1 });
  worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await stack?.stop();
  await engine?.stop();
  await redis?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function capability(name: CapabilityName) {
  const health = await getHealth({ ctx: stack.ctx });
  const found = health.capabilities.find((one) => one.name === name);
  return { ...found, health };
}

/** The product's bound is 10 s; the machine is busy with other tests. */
const WITHIN_MS = 20_000;

async function isDegraded(name: CapabilityName): Promise<string> {
  const what = { timeoutMs: WITHIN_MS, what: `${name} is degraded` };
  return eventually(async () => {
    const { state, reason, health } = await capability(name);
    if (state !== "degraded") return null;
    expect(health.status).toBe("degraded");
    return reason ?? "";
  }, what);
}

async function failuresOf(name: string): Promise<number> {
  const { loops } = (await (await fetch(worker.url)).json()) as { loops: LoopStatus[] };
  return loops.find((loop) => loop.name === name)?.failuresInARow ?? 0;
}

async function isWell(): Promise<void> {
  await eventually(
    async () => {
      const { status, capabilities } = await getHealth({ ctx: stack.ctx });
      return status === "healthy" && capabilities.every((one) => one.state === "ok") ? true : null;
    },
    { timeoutMs: WITHIN_MS, what: "all five are ok" },
  );
}

const soon = (topic: string) =>
  createSchedule({
    ctx: stack.ctx,
    input: {
      ...{ topic, entityType: "x", action: "y", maxRetries: 5 },
      executionTime: new Date(Date.now() + 500).toISOString(),
    },
  });

test("a full Redis accepts nothing and fires nothing", { timeout: 90_000 }, async () => {
  await isWell();
  await stack.deps.redis.config("SET", "maxmemory", "1mb");
  try {
    expect(await isDegraded("accepts")).toMatch(/Redis refuses writes: .*(OOM|full|memory)/i);
    expect(await isDegraded("fires")).toMatch(/Redis refuses writes/);
    await expect(soon("t")).rejects.toThrow();
    // Long enough for the pauses after failures to have grown.
    await eventually(async () => ((await failuresOf("beat")) >= 5 ? true : null), {
      timeoutMs: 60_000,
      what: "beats fail",
    });
    expect(await renderMetrics({ ctx: stack.ctx })).toContain('stufio_schedules_capability{name="accepts"} 0');
  } finally {
    await stack.deps.redis.config("SET", "maxmemory", "0");
  }
  await isWell();
  expect(await renderMetrics({ ctx: stack.ctx })).toContain('stufio_schedules_capability{name="accepts"} 1');
});

test("a topic that is blocked is named, from its first failure on", { timeout: 90_000 }, async () => {
  await isWell();
  const key = `${stack.prefix}bus:blocked`;
  await stack.deps.redis.set(key, "not a stream");
  await soon("blocked");
  expect(await isDegraded("fires")).toContain("blocked");
  await stack.deps.redis.del(key);
  await isWell();
});

test("a ClickHouse that hangs: nothing is recorded or promoted, and events are accepted and fired", {
  timeout: 120_000,
}, async () => {
  await isWell();
  process.kill(engine.pid, "SIGSTOP");
  try {
    await soon("meanwhile");
    expect(await isDegraded("records")).toContain("clickhouse");
    expect(await isDegraded("promotes")).toContain("clickhouse");
    expect((await capability("accepts")).state).toBe("ok");
    await eventually(async () => ((await stack.published("meanwhile")).length > 0 ? true : null), { what: "fired" });
    expect(await renderMetrics({ ctx: stack.ctx })).toContain('stufio_schedules_capability{name="records"} 0');
  } finally {
    process.kill(engine.pid, "SIGCONT");
  }
  await isWell();
});

test.each([
  { name: "records", key: "{0}:batch", loop: "record-0" },
  { name: "consumes", key: "bus:stufio.events.delayed", loop: "consume" },
] as const)("a loop that fails: $name is degraded, with the loop's error", { timeout: 90_000 }, async (given) => {
  await isWell();
  const key = `${stack.prefix}${given.key}`;
  await stack.deps.redis.multi().del(key).hset(key, "not", "ours").exec();
  await soon("t");
  expect(await isDegraded(given.name)).toMatch(new RegExp(`loop ${given.loop} .*WRONGTYPE`));
  await stack.deps.redis.del(key);
  await isWell();
});

test("promotion that fails", { timeout: 90_000 }, async () => {
  await isWell();
  const table = "event_schedules";
  const client = createClickHouse({ url: engine.url, database: stack.env.CLICKHOUSE_DATABASE as string });
  await client.command({ sql: `RENAME TABLE ${table} TO ${table}_away` });
  try {
    expect(await isDegraded("promotes")).toContain(table);
  } finally {
    await client.command({ sql: `RENAME TABLE ${table}_away TO ${table}` });
    await client.close();
  }
  await isWell();
});
