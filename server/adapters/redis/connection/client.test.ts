import { RateLimiterRedis } from "rate-limiter-flexible";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSingleRedis, type TestRedis } from "../testing/hot-tier-fixture";

let server: TestRedis;
beforeAll(async () => {
  server = await openSingleRedis();
});
afterAll(() => server.stop());

it("works with a rate limiter that is created while other commands are sent", async () => {
  const { redis } = server;
  const other = redis.get("some key");
  // The constructor defines a script on the client after another command has started a pipeline.
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    points: 5,
    duration: 60,
    keyPrefix: `limit-${Date.now()}`,
  });
  const consumed = limiter.consume("somebody");
  await expect(other).resolves.toBeNull();
  await expect(consumed).resolves.toMatchObject({ consumedPoints: 1 });
});
