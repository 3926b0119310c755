import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bus } from "~/server/ports/bus";
import { type BrokerUnderTest, busConformance, collect, message } from "~/server/testing/bus-conformance";
import { freePort } from "~/server/testing/services/free-port";
import { startRedis } from "~/server/testing/services/redis";
import { createRedisStreamsBus, type RedisStreamsBusOptions } from "./streams-bus";

async function redisForTests(): Promise<{ url: string; close(): Promise<void> }> {
  if (process.env.TEST_REDIS_URL) return { url: process.env.TEST_REDIS_URL, close: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), "bus-redis-"));
  const server = await startRedis({ dir });
  return {
    url: server.url,
    async close() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const uniquePrefix = () => `test:${randomUUID()}:`;
const newConsumerName = () => randomUUID();

async function setUp(): Promise<BrokerUnderTest> {
  const redis = await redisForTests();
  const deadPort = await freePort();
  const prefix = uniquePrefix();
  return {
    inOrder: false,
    open: () => createRedisStreamsBus({ redis: redis.url, prefix, newConsumerName }),
    openDead: (requestTimeoutMs) =>
      createRedisStreamsBus({ redis: `redis://127.0.0.1:${deadPort}`, prefix, newConsumerName, requestTimeoutMs }),
    async fragile() {
      const dir = await mkdtemp(join(tmpdir(), "bus-redis-"));
      let server = await startRedis({ dir, appendonly: true });
      return {
        open: () => createRedisStreamsBus({ redis: server.url, prefix, newConsumerName }),
        kill: () => server.kill9(),
        async bringBack() {
          server = await startRedis({ dir, port: server.port, appendonly: true });
        },
        async close() {
          await server.stop();
          await rm(dir, { recursive: true, force: true });
        },
      };
    },
    close: redis.close,
  };
}

busConformance("Redis Streams", setUp);

describe("the Redis Streams bus", () => {
  const prefix = uniquePrefix();
  const buses: Bus[] = [];
  let server: Awaited<ReturnType<typeof redisForTests>>;
  let redis: Redis;
  const open = (overrides: Partial<RedisStreamsBusOptions> = {}) => {
    const bus = createRedisStreamsBus({ redis, prefix, newConsumerName, ...overrides });
    buses.push(bus);
    return bus;
  };
  const numbered = (topic: string, count: number) =>
    Array.from({ length: count }, (_, n) => message({ topic, value: String(n) }));

  beforeAll(async () => {
    server = await redisForTests();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.stop()));
    redis.disconnect();
    await server.close();
  });

  it("writes the entry that the contract defines", async () => {
    const value = '{"action":"send_reminder"}';
    await open().publish([message({ topic: "user.notifications", key: "user.1", value, headers: { attempt: "1" } })]);
    const [entry] = await redis.xrange(`${prefix}bus:user.notifications`, "-", "+");
    expect(entry?.[1]).toEqual(["key", "user.1", "value", value, "headers", '{"attempt":"1"}']);
  });

  it("fails only the messages of a topic whose key is not a stream", async () => {
    await redis.set(`${prefix}bus:taken`, "a string");
    const results = await open().publish([
      message({ topic: "free" }),
      message({ topic: "taken" }),
      message({ topic: "free" }),
    ]);
    // Retriable, because an operator can rename the key before the last retry.
    expect(results).toMatchObject([
      { ok: true },
      {
        ok: false,
        errorClass: "publish",
        retriable: true,
        message: `The key ${prefix}bus:taken in Redis is not a stream, so the topic cannot be published to. Rename or delete the key.`,
      },
      { ok: true },
    ]);
  });

  it("probes without publishing whether a topic's key accepts events", async () => {
    const bus = open();
    await redis.set(`${prefix}bus:looked-at`, "a string");
    expect(await bus.probe("looked-at")).toMatchObject({ ok: false, detail: expect.stringContaining("not a stream") });
    await redis.del(`${prefix}bus:looked-at`);
    expect(await bus.probe("looked-at")).toMatchObject({ ok: true });
    expect(await redis.exists(`${prefix}bus:looked-at`)).toBe(0);
    await bus.publish([message({ topic: "looked-at" })]);
    expect(await bus.probe("looked-at")).toMatchObject({ ok: true });
    expect(await redis.xlen(`${prefix}bus:looked-at`)).toBe(1);
  });

  it("reads entries of other producers with missing fields", async () => {
    await redis.xadd(`${prefix}bus:other-producer`, "*", "value", "v", "headers", "no json");
    await redis.xadd(`${prefix}bus:other-producer`, "*", "headers", '{"n":1}', "other", "field");
    const delivered = await (await collect(open(), { topic: "other-producer" })).until(2);
    expect(delivered).toMatchObject([
      { key: null, value: Buffer.from("v"), headers: {} },
      { key: null, value: Buffer.alloc(0), headers: { n: "1" } },
    ]);
  });

  it("keeps about maxEntries entries per stream", async () => {
    const bus = open({ maxEntries: 100 });
    for (let call = 0; call < 10; call++) await bus.publish(numbered("short", 100));
    const length = await redis.xlen(`${prefix}bus:short`);
    expect(length).toBeGreaterThanOrEqual(100);
    expect(length).toBeLessThan(400);
  });

  it("with maxEntries null keeps unread entries and trims entries that every group has read", async () => {
    const bus = open({ maxEntries: () => null });
    const key = `${prefix}bus:kept`;
    await bus.publish(numbered("kept", 6000));
    await redis.xgroup("CREATE", key, "slow", "0");
    const fast = await collect(bus, { topic: "kept" });
    await fast.until(6000);
    await fast.stop();
    expect(await redis.xlen(key)).toBe(6000);
    const slow = await collect(bus, { topic: "kept", group: "slow" });
    await slow.until(6000);
    await slow.stop();
    expect(await redis.xlen(key)).toBeLessThan(2000);
  });

  it("consumes while the client uses auto-pipelining", async () => {
    const client = new Redis(server.url, { enableAutoPipelining: true });
    const bus = open({ redis: client });
    await bus.publish(numbered("beside", 3));
    const reader = await collect(bus, { topic: "beside" });
    await reader.until(3);
    await reader.stop();
    client.disconnect();
    expect(reader.values()).toEqual(["0", "1", "2"]);
  });

  it("takes over the pending entries of a dead consumer", async () => {
    const bus = open({ claimIdleMs: 100 });
    const key = `${prefix}bus:orphan`;
    await bus.publish(numbered("orphan", 3));
    await redis.xgroup("CREATE", key, "group", "0");
    await redis.xreadgroup("GROUP", "group", "dead", "COUNT", 2, "STREAMS", key, ">");
    const reader = await collect(bus, { topic: "orphan", group: "group" });
    await reader.until(3);
    expect(reader.values().sort()).toEqual(["0", "1", "2"]);
    await reader.stop();
    expect(await redis.xpending(key, "group")).toEqual([0, null, null, null]);
  });

  it("does not take a batch from a consumer that sends heartbeats", async () => {
    const bus = open({ claimIdleMs: 600 });
    await bus.publish(numbered("slow", 1));
    const owners: string[] = [];
    let handled = () => {};
    const done = new Promise<void>((resolve) => {
      handled = resolve;
    });
    const consume = (owner: string) =>
      bus.consume({
        topic: "slow",
        group: "group",
        fromBeginning: true,
        async onBatch(_, heartbeat) {
          owners.push(owner);
          for (let step = 0; step < 20; step++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            await heartbeat();
          }
          handled();
        },
      });
    const consumptions = [await consume("one"), await consume("other")];
    await done;
    await Promise.all(consumptions.map((consumption) => consumption.stop()));
    expect(owners).toHaveLength(1);
  });

  it("continues after its stream was deleted", async () => {
    const bus = open();
    const key = `${prefix}bus:wiped`;
    await bus.publish(numbered("wiped", 1));
    const reader = await collect(bus, { topic: "wiped" });
    await reader.until(1);
    await redis.del(key);
    await bus.publish([message({ topic: "wiped", value: "after" })]);
    await reader.until(2);
    expect(reader.values()).toEqual(["0", "after"]);
  });

  it("leaves no consumer behind in the group after stop", async () => {
    const bus = open();
    await bus.publish(numbered("leave", 1));
    const reader = await collect(bus, { topic: "leave", group: "group" });
    await reader.until(1);
    await reader.stop();
    expect(await redis.xinfo("CONSUMERS", `${prefix}bus:leave`, "group")).toEqual([]);
  });
});

describe("Redis Streams when Redis is out of memory", () => {
  it("returns a retriable failure, and accepts messages again when memory is available", async () => {
    const dir = await mkdtemp(join(tmpdir(), "bus-redis-"));
    const server = await startRedis({ dir, extraArgs: ["--maxmemory", "1", "--maxmemory-policy", "noeviction"] });
    const bus = createRedisStreamsBus({ redis: server.url, prefix: "p:", newConsumerName });
    const admin = new Redis(server.url);
    try {
      expect(await bus.publish([message({ topic: "t" }), message({ topic: "u" })])).toMatchObject([
        { ok: false, errorClass: "publish", retriable: true, message: expect.stringMatching(/^OOM/) },
        { ok: false, errorClass: "publish", retriable: true },
      ]);
      expect(await bus.probe("t")).toMatchObject({ ok: false, detail: expect.stringMatching(/OOM/) });
      await admin.config("SET", "maxmemory", "0");
      expect(await bus.probe("t")).toMatchObject({ ok: true });
      expect(await bus.publish([message({ topic: "t" })])).toMatchObject([{ ok: true }]);
    } finally {
      admin.disconnect();
      await bus.stop();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    }
  });
});
