import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Claim } from "~/server/adapters/redis/hot-tier-types";
import { createBreakers } from "~/server/services/firing/breakers";
import { recordOnce } from "~/server/services/firing/record-once";
import { runClaims } from "~/server/services/firing/run-claims";
import { watchGaps } from "~/server/services/firing/watch-gaps";
import { watchOnce } from "~/server/services/firing/watch-once";
import { getEngine } from "~/server/services/monitoring";
import { createSchedule } from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";

/* No worker runs: each step of one is made by hand, so that exactly one occurrence gets lost on its way. */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const everySecond = { topic: "t", entityType: "user", action: "remind", payload: {}, cronExpression: "* * * * * *" };

async function claimOne(): Promise<Claim> {
  return eventually(
    async () => {
      const given = { workerId: "w", shard: 0, limit: 1, leaseMs: 600_000, catchUpLimit: 1, graceMs: 60_000 };
      const { claims } = await stack.deps.hot.claim(given);
      return (claims[0] as Claim | undefined) ?? null;
    },
    { what: "a claim" },
  );
}

async function fire(claim: Claim): Promise<void> {
  const breakers = createBreakers(stack.deps);
  await runClaims({ deps: stack.deps, breakers, workerId: "w", claims: [claim], nowMs: Date.now() });
}

async function record(): Promise<void> {
  while ((await recordOnce(stack.deps, 0)) > 0);
}

describe("the watchdog", () => {
  test("puts back an occurrence that is neither in the ledger nor in Redis nor between them, once", async () => {
    const fromMs = Date.now() - 1000;
    const { schedule } = await createSchedule({ ctx: stack.ctx, input: everySecond as never });
    await fire(await claimOne());
    const lost = await claimOne();
    const waiting = await claimOne();
    await fire(await claimOne());
    const look = () => watchGaps(stack.deps, { fromMs, toMs: Date.now() });
    // Nothing is recorded yet, and one occurrence is leased: all are accounted for.
    expect(await look()).toMatchObject({ healed: 0, unexplained: [] });
    await record();
    expect(await look()).toMatchObject({ schedules: 1, healed: 0, unexplained: [] });

    // As a wiped Redis leaves it, where the plan was rebuilt from a row that was written later.
    const { redis, hot } = stack.deps;
    const { occ, lease } = { occ: `${stack.prefix}{0}:occ`, lease: `${stack.prefix}{0}:lease` };
    const packed = (await redis.hkeys(occ)).find((key) => key.endsWith(`@${lost.nominalMs}`)) as string;
    await redis.hdel(occ, packed);
    await redis.zrem(lease, `${lost.token}|${packed}`);
    expect(await hot.instances([lost.key, waiting.key])).toEqual(new Set([waiting.key]));

    expect(await look()).toMatchObject({ healed: 1, unexplained: [] });
    expect(await hot.instances([lost.key])).toEqual(new Set([lost.key]));
    expect(await look()).toMatchObject({ healed: 0, unexplained: [] });
    const again = await eventually(
      async () => {
        const claim = await claimOne();
        if (claim.key !== lost.key) await fire(claim);
        return claim.key === lost.key ? claim : null;
      },
      { what: "the lost one is claimed again" },
    );
    expect(again).toMatchObject({ trigger: "catch_up", actor: "watchdog", nominalMs: lost.nominalMs });
    await fire(again);
    await record();
    expect(await look()).toMatchObject({ healed: 0, unexplained: [] });
    expect(await stack.deps.store.settledKeys([lost.key])).toEqual(new Set([lost.key]));
    expect(schedule.scheduleId).toBe(again.schedule.scheduleId);

    // Lost a second time: it is not put back for ever, but told.
    await stack.deps.redis.set(`${stack.prefix}healed:${waiting.key}`, "1");
    const held = (await redis.hkeys(occ)).find((key) => key.endsWith(`@${waiting.nominalMs}`)) as string;
    await redis.hdel(occ, held);
    expect(await look()).toMatchObject({ healed: 0, unexplained: [waiting.key] });
  });

  test("keeps what its last look found, for the System page", async () => {
    await watchOnce(stack.deps);
    const { watch } = await getEngine({ ctx: stack.ctx });
    expect(watch).toMatchObject({ unexplained: [], restored: 0 });
    expect(Date.parse(watch?.until ?? "")).toBeLessThan(Date.now() - 25_000);
  });
});
