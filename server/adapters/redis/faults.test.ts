import { createServer } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newLeaseToken } from "~/server/lease-token";
import { freePort } from "~/server/testing/services/free-port";
import { packId } from "./codec/packed-id";
import { createRedis } from "./connection/client";
import { createHotTier } from "./hot-tier";
import {
  claimOne,
  create,
  done,
  edited,
  freshTier,
  oneTime,
  openSingleRedis,
  planOf,
  readOutbox,
  recurring,
} from "./testing/hot-tier-fixture";

let server: Awaited<ReturnType<typeof openSingleRedis>>;

beforeAll(async () => {
  server = await openSingleRedis(["--maxmemory-policy", "noeviction"]);
});
afterAll(() => server.stop());

it("the hot tier throws redis_unavailable within seconds if no server listens", async () => {
  const redis = createRedis({ url: `redis://127.0.0.1:${await freePort()}` });
  const hot = createHotTier({ newLeaseToken, redis, prefix: "x:", shards: 1 });
  await expect(hot.now()).rejects.toMatchObject({ code: "redis_unavailable" });
  await expect(hot.put(create(oneTime(1)))).rejects.toMatchObject({ code: "redis_unavailable" });
  redis.disconnect();
});

it("the hot tier throws redis_unavailable if a server accepts the connection and does not answer", async () => {
  const sockets = new Set<{ destroy(): void }>();
  const silent = createServer((socket) => sockets.add(socket));
  const port = await freePort();
  await new Promise<void>((done) => silent.listen(port, "127.0.0.1", done));
  const redis = createRedis({ url: `redis://127.0.0.1:${port}` });
  const hot = createHotTier({ newLeaseToken, redis, prefix: "x:", shards: 1, commandTimeoutMs: 200 });
  await expect(hot.stats()).rejects.toMatchObject({ code: "redis_unavailable" });
  redis.disconnect();
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => silent.close(done));
});

it.each([
  ["one-time", (dueMs: number) => create(oneTime(dueMs))],
  ["recurring", (dueMs: number) => create(recurring(), planOf(dueMs, dueMs + 3_600_000))],
])(
  "a Redis that is out of memory refuses creates without storing anything, while due occurrences fire and are recorded (%s schedules)",
  async (_, due) => {
    const { hot, prefix } = freshTier(server.redis);
    await hot.put(due((await hot.now()) - 1000));
    await server.redis.config("SET", "maxmemory", "1mb");
    try {
      const before = await server.redis.xlen(`${prefix}{0}:outbox`);
      await expect(hot.put(create(oneTime(Date.now())))).rejects.toMatchObject({
        code: "redis_unavailable",
        message: expect.stringContaining("OOM"),
      });
      expect(await server.redis.xlen(`${prefix}{0}:outbox`)).toBe(before);
      expect((await hot.stats()).pending).toBe(1);
      expect(await hot.settle([done(await claimOne(hot))])).toEqual(["settled"]);
      // Redis must still accept what the recorder does, because only recording frees memory.
      const { schedules, executions } = await readOutbox(hot);
      expect([schedules.length, executions.length]).toEqual([1, 1]);
      expect(await server.redis.xlen(`${prefix}{0}:outbox`)).toBe(0);
    } finally {
      await server.redis.config("SET", "maxmemory", "0");
    }
  },
);

it("a Redis that is out of memory and has the streams of the bus refuses to claim recurring schedules, which could not be published", async () => {
  const { hot } = freshTier(server.redis, 1, { maxEntries: 100, untrimmedPrefix: "none" });
  const dueMs = (await hot.now()) - 1000;
  await hot.put(create(recurring(), planOf(dueMs, dueMs + 3_600_000)));
  await server.redis.config("SET", "maxmemory", "1mb");
  try {
    await expect(claimOne(hot)).rejects.toMatchObject({ code: "redis_unavailable" });
  } finally {
    await server.redis.config("SET", "maxmemory", "0");
  }
  expect(await claimOne(hot)).toMatchObject({ kind: "occurrence" });
});

it("a Redis that is out of memory accepts the edit of a schedule with many damaged bytes, and quarantines the bytes", async () => {
  const { hot, prefix } = freshTier(server.redis);
  const schedule = oneTime((await hot.now()) + 60_000);
  await hot.put(create(schedule));
  // In hex, more than the script adds to one outbox entry.
  const bytes = Buffer.alloc(600_000, 0xff);
  await server.redis.hset(`${prefix}{0}:sched`, packId(schedule.scheduleId), bytes);
  await server.redis.config("SET", "maxmemory", "1mb");
  try {
    const edit = { ...create(edited(schedule, { description: "mended" })), expectedVersion: 1 };
    expect(await hot.put(edit)).toMatchObject({ status: "stored" });
    const { documents } = await readOutbox(hot);
    expect(documents.map(({ json }) => JSON.parse(json).hex)).toEqual([bytes.toString("hex")]);
  } finally {
    await server.redis.config("SET", "maxmemory", "0");
  }
});

it("the hot tier throws redis_unavailable while Redis is a replica", async () => {
  const { hot } = freshTier(server.redis);
  await server.redis.replicaof("127.0.0.1", await freePort());
  try {
    await expect(hot.put(create(oneTime(1)))).rejects.toMatchObject({ code: "redis_unavailable" });
  } finally {
    await server.redis.replicaof("NO", "ONE");
  }
});

it("the hot tier loads a script again after SCRIPT FLUSH", async () => {
  const { hot } = freshTier(server.redis);
  await hot.put(create(oneTime(1)));
  await server.redis.script("FLUSH");
  expect((await hot.put(create(oneTime(2)))).status).toBe("stored");
});
