import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "~/server/domain/errors";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import type { Claim } from "~/server/ports/hot/claims";
import { createBreakers } from "~/server/services/firing/breakers";
import { healedAnswer, restoreLostRecurring, restoreLostWaiting } from "~/server/services/firing/restore-lost";
import { runClaims } from "~/server/services/firing/run-claims";
import { storeWaiting } from "~/server/services/firing/waiting";
import { watchOnce } from "~/server/services/firing/watch-once";
import { getEngine, getHealth } from "~/server/services/monitoring";
import { createSchedule, deleteSchedule, patchSchedule, toggleSchedule } from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";

/*
 * The tests run the steps of a worker one by one, so that chosen occurrences are lost between two steps.
 */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const everySecond = { topic: "t", entityType: "user", action: "remind", payload: {}, cronExpression: "* * * * * *" };

async function claimOne(): Promise<Claim> {
  return eventually(
    async () => {
      const limits = { workerId: "w", shard: 0, limit: 1, leaseMs: 600_000, catchUpLimit: 1, graceMs: 60_000 };
      const { claims } = await stack.deps.hot.claim(limits);
      return (claims[0] as Claim | undefined) ?? null;
    },
    { what: "a claim" },
  );
}

async function fire(claim: Claim): Promise<void> {
  const breakers = createBreakers(stack.deps);
  await runClaims({ deps: stack.deps, breakers, workerId: "w", claims: [claim], nowMs: Date.now() });
}

const rememberRestored = (key: string) => stack.redis.set(`${stack.prefix}{0}:answer:${healedAnswer(key)}`, "restored");

async function record(): Promise<void> {
  await recordAll(stack.deps, 0);
}

describe("the watchdog", () => {
  test("restores, once, an occurrence that is neither in the ledger nor in Redis nor in the outbox", async () => {
    const fromMs = Date.now() - 1000;
    const { schedule } = await createSchedule({ ctx: stack.ctx, input: everySecond as never });
    await fire(await claimOne());
    const lost = await claimOne();
    const waiting = await claimOne();
    await fire(await claimOne());
    const restoreLost = () => restoreLostRecurring(stack.deps, { fromMs, toMs: Date.now() });
    // Nothing is recorded yet, and two occurrences are leased, so none is missing.
    expect(await restoreLost()).toMatchObject({ healed: 0, unexplained: [] });
    await record();
    expect(await restoreLost()).toMatchObject({ schedules: 1, healed: 0, unexplained: [] });

    // Remove one claimed occurrence, as after a loss of Redis.
    const { redis } = stack;
    const { hot } = stack.deps;
    const occ = `${stack.prefix}{0}:occ`;
    const lease = `${stack.prefix}{0}:lease`;
    const packed = (await redis.hkeys(occ)).find((key) => key.endsWith(`@${lost.nominalMs}`)) as string;
    await redis.hdel(occ, packed);
    await redis.zrem(lease, `${lost.token}|${packed}`);
    expect(await hot.instances([lost.key, waiting.key])).toEqual(new Set([waiting.key]));

    const unavailable = async () => {
      throw new AppError("redis_unavailable", "away");
    };
    const withoutRedis = { ...stack.deps, hot: { ...hot, enqueue: unavailable, enqueueOnce: unavailable } };
    const refused = restoreLostRecurring(withoutRedis, { fromMs, toMs: Date.now() });
    await expect(refused).rejects.toMatchObject({ code: "redis_unavailable" });
    expect(await restoreLost()).toMatchObject({ healed: 1, unexplained: [] });
    expect(await hot.instances([lost.key])).toEqual(new Set([lost.key]));
    expect(await restoreLost()).toMatchObject({ healed: 0, unexplained: [] });
    const again = await eventually(
      async () => {
        const claim = await claimOne();
        if (claim.key !== lost.key) await fire(claim);
        return claim.key === lost.key ? claim : null;
      },
      { what: "the lost occurrence is claimed again" },
    );
    expect(again).toMatchObject({ trigger: "catch_up", actor: "watchdog", nominalMs: lost.nominalMs });
    await fire(again);
    await record();
    expect(await restoreLost()).toMatchObject({ healed: 0, unexplained: [] });
    expect(await stack.deps.store.settledKeys([lost.key])).toEqual(new Set([lost.key]));
    expect(schedule.scheduleId).toBe(again.schedule.scheduleId);

    // After an earlier restore, a lost occurrence is reported instead of restored.
    await rememberRestored(waiting.key);
    const held = (await redis.hkeys(occ)).find((key) => key.endsWith(`@${waiting.nominalMs}`)) as string;
    await redis.hdel(occ, held);
    expect(await restoreLost()).toMatchObject({ healed: 0, unexplained: [waiting.key] });
  });

  test.each([
    {
      since: "retagged and paused",
      change: async (scheduleId: string) => {
        await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { tags: ["moved"] } } });
        await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
      },
      outcome: "succeeded",
    },
    {
      since: "deleted",
      change: async (scheduleId: string) => {
        await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
      },
      outcome: "cancelled",
    },
  ])(
    "gives a lost occurrence of a schedule that was $since afterwards the outcome $outcome",
    async ({ change, outcome }) => {
      const fromMs = Date.now() - 1000;
      const { schedule } = await createSchedule({ ctx: stack.ctx, input: everySecond as never });
      const { scheduleId } = schedule;
      const claimOwn = async () => {
        const claim = await claimOne();
        if (claim.schedule.scheduleId === scheduleId) return claim;
        await fire(claim);
        return null;
      };
      const lost = await eventually(claimOwn, { what: "a claim of this schedule" });
      await change(scheduleId);
      await record();
      const { redis, prefix } = stack;
      const packed = (await redis.hkeys(`${prefix}{0}:occ`)).filter((key) => key.endsWith(`@${lost.nominalMs}`));
      await redis.hdel(`${prefix}{0}:occ`, ...packed);
      const report = await restoreLostRecurring(stack.deps, { fromMs, toMs: Date.now() });
      expect(report.healed).toBeGreaterThanOrEqual(1);
      const again = await restoreLostRecurring(stack.deps, { fromMs, toMs: Date.now() });
      expect(again).toMatchObject({ healed: 0, unexplained: [] });
      await eventually(
        async () => {
          await record();
          if ((await stack.deps.store.settledKeys([lost.key])).has(lost.key)) return true;
          await fire(await claimOne());
          return null;
        },
        { what: "the lost occurrence has an outcome" },
      );
      const row = await stack.deps.store.getExecution(eventId(lost.key));
      expect(row).toMatchObject({ outcome, actor: "watchdog" });
    },
  );

  test("restores lost waiting occurrences with their attempts, even if the times were edited since", async () => {
    const { schedule } = await createSchedule({ ctx: stack.ctx, input: everySecond as never });
    const { scheduleId } = schedule;
    const claim = await eventually(
      async () => {
        const one = await claimOne();
        if (one.schedule.scheduleId === scheduleId) return one;
        await fire(one);
        return null;
      },
      { what: "a claim of this schedule" },
    );
    const tried = {
      n: 1,
      at: Date.now(),
      durationMs: 2,
      workerId: "w",
      errorClass: "broker_connection",
      error: "away",
    };
    await storeWaiting(stack.deps, [{ claim, attempts: [tried] }]);
    await patchSchedule({
      ctx: stack.ctx,
      input: { scheduleId, patch: { cronExpression: "0 * * * *", payload: { now: "other" } } },
    });
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
    await record();
    const { redis } = stack;
    const packed = (await redis.hkeys(`${stack.prefix}{0}:occ`)).filter((key) => key.endsWith(`@${claim.nominalMs}`));
    await redis.hdel(`${stack.prefix}{0}:occ`, ...packed);
    const since = { fromMs: Date.now() - 60_000 };
    expect(await restoreLostWaiting(stack.deps, since)).toMatchObject({ healed: 1, unexplained: [] });
    expect(await restoreLostWaiting(stack.deps, since)).toMatchObject({ healed: 0, unexplained: [] });
    await eventually(
      async () => {
        await fire(await claimOne());
        await record();
        return (await stack.deps.store.settledKeys([claim.key])).has(claim.key) ? true : null;
      },
      { what: "the restored occurrence has an outcome" },
    );
    const row = await stack.deps.store.getExecution(eventId(claim.key));
    expect(row).toMatchObject({ outcome: "succeeded", payload: "{}", trigger: "schedule" });
    expect(row?.attempts.map((attempt) => attempt.error)).toEqual(["away", null]);
    // Recording a run of the old version keeps the edited row in the catalogue.
    for (const row of await stack.deps.store.getSchedules([scheduleId])) {
      expect(row).toMatchObject({
        enabled: false,
        cronExpression: "0 * * * *",
        payload: '{"now":"other"}',
        version: 3,
      });
    }
    expect(await restoreLostWaiting(stack.deps, since)).toMatchObject({ healed: 0, unexplained: [] });
  });

  test("stores its last report for the System page", async () => {
    await watchOnce(stack.deps);
    const { watch } = await getEngine({ ctx: stack.ctx });
    expect(watch).toMatchObject({ unexplained: [], restored: 0 });
    // The watchdog checks occurrences 30 s after they were due.
    expect(Date.parse(watch?.until ?? "")).toBeLessThan(Date.now() - 25_000);
  });

  test("reports the number of missing occurrences, and the keys of the first 20", async () => {
    await createSchedule({ ctx: stack.ctx, input: everySecond as never });
    const claim = await claimOne();
    const lost = Array.from({ length: 21 }, (_, index): Claim => {
      const nominalMs = claim.nominalMs - (index + 1) * 86_400_000;
      return { ...claim, nominalMs, key: occurrenceKey(claim.schedule.scheduleId, nominalMs) };
    });
    await storeWaiting(
      stack.deps,
      lost.map((one) => ({ claim: one })),
    );
    // After an earlier restore, a lost occurrence is reported instead of restored.
    for (const { key } of lost) await rememberRestored(key);
    await record();
    await watchOnce(stack.deps);
    const { watch } = await getEngine({ ctx: stack.ctx });
    expect(watch).toMatchObject({ unexplainedCount: 21 });
    expect(watch?.unexplained).toHaveLength(20);
    const { reasons } = await getHealth({ ctx: stack.ctx });
    const message = expect.stringMatching(/^21 occurrences are missing without an outcome, such as /);
    expect(reasons).toContainEqual(expect.objectContaining({ code: "outcomes_missing", message }));
  });

  test("restores lost occurrences although another cannot be encoded for Redis, and reports that one", async () => {
    await createSchedule({ ctx: stack.ctx, input: everySecond as never });
    const claim = await claimOne();
    const { schedule } = claim;
    const lost = [2, 1].map((minutes): Claim => {
      const nominalMs = claim.nominalMs - minutes * 60_000;
      const key = occurrenceKey(schedule.scheduleId, nominalMs);
      return { ...claim, nominalMs, key, schedule: minutes === 2 ? { ...schedule, priority: 10 } : schedule };
    });
    const fromMs = Date.now();
    await storeWaiting(
      stack.deps,
      lost.map((one) => ({ claim: one })),
    );
    await record();
    const report = await restoreLostWaiting(stack.deps, { fromMs });
    expect(report).toMatchObject({ occurrences: 2, healed: 1, unexplained: [lost[0]?.key] });
    expect(await stack.deps.hot.instances(lost.map(({ key }) => key))).toEqual(new Set([lost[1]?.key]));
  });
});

describe("the recorder", () => {
  test("does not repeat rows that it wrote before Redis lost its data: the roll-ups count each row once", async () => {
    const { deps } = stack;
    const rolledUp = async () => {
      const summary = await deps.store.analyticsSummary({
        fromMs: Date.now() - 7_200_000,
        toMs: Date.now() + 3_600_000,
        nowMs: Date.now(),
      });
      return summary.totals.total;
    };
    await record();
    const before = await rolledUp();
    await createSchedule({ ctx: stack.ctx, input: everySecond as never });
    for (let fired = 0; fired < 3; fired += 1) await fire(await claimOne());
    const batch = await deps.hot.readBatch({ shard: 0, limit: 1000 });
    expect(batch?.mayRepeat).toBe(true);
    const { insertToken: token, schedules, executions } = batch as NonNullable<typeof batch>;
    await deps.store.insertBatch({ token, schedules, executions });
    // Redis lost its writes since the last fsync, including the batch in progress.
    await stack.redis.del(`${stack.prefix}{0}:batch`);
    await fire(await claimOne());
    await record();
    expect(await rolledUp()).toBe(before + executions.length + 1);
  });
});
