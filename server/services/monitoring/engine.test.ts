import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN, accessRedis } from "~/server/testing/access-deps";
import { getEngine } from "./engine";
import { storeHeartbeat } from "./workers";

let redis: Awaited<ReturnType<typeof accessRedis>>;
beforeAll(async () => {
  redis = await accessRedis();
});
afterAll(() => redis.close());

it("getEngine reads the queue, the memory and the workers from Redis alone", async () => {
  const { deps, ctx } = redis.stack();
  const seenAt = new Date(deps.clock.now()).toISOString();
  await storeHeartbeat(deps, {
    workerId: "w-1",
    host: "h",
    pid: 1,
    version: "0.1.0",
    startedAt: seenAt,
    seenAt,
    clockSkewMs: 0,
    inFlight: 0,
    firedTotal: 7,
    url: "",
    loops: [],
  });
  const engine = await getEngine({ ctx: ctx(ADMIN) });
  expect(engine).toMatchObject({ pending: 0, running: 0, overdue: 0, oldestDueMs: 0 });
  expect(engine.workers).toMatchObject([{ workerId: "w-1", alive: true, firedTotal: 7 }]);
  expect(engine.memory.usedBytes).toBeGreaterThan(100_000);
  expect(engine.memory.maxBytes).toBeNull();
  expect(engine.memory.policy).toBe("noeviction");
});

it("getEngine is refused without a signed-in caller", async () => {
  const { ctx } = redis.stack();
  await expect(getEngine({ ctx: ctx(null) })).rejects.toMatchObject({ code: "unauthenticated" });
});
