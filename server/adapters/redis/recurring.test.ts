import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { PlanTail } from "~/server/domain/placement";
import type { PlanClaim } from "~/server/ports/hot/claims";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { SettleItem } from "~/server/ports/hot/settlement";
import {
  claimAll,
  claimOccurrences,
  claimOne,
  create,
  delta,
  done,
  edited,
  freshTier,
  openTestRedis,
  planOf,
  readOutbox,
  recurring,
  removed,
  type TestRedis,
  untilPast,
} from "./testing/hot-tier-fixture";

let server: TestRedis;
let hot: HotTier;
let now: number;

beforeAll(async () => {
  server = await openTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  ({ hot } = freshTier(server.redis));
  now = await hot.now();
});

const MINUTE = 60_000;
const HOUR = 3_600_000;

async function claimPlan(): Promise<PlanClaim> {
  const [claim, ...others] = await claimAll(hot);
  if (claim?.kind !== "plan" || others.length > 0) throw new Error("one plan was expected");
  return claim;
}

it("has the next occurrence in its lane when the claim returns (BullMQ #3272: the next run exists only as a child of the previous one)", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10, now + HOUR, now + 2 * HOUR)));
  const claim = await claimOne(hot);
  expect(claim).toMatchObject({ nominalMs: now - 10, planLeft: planOf(now + HOUR, now + 2 * HOUR) });
  // The worker dies here, so nothing is settled.
  expect(await hot.upcoming({ limit: 5 })).toMatchObject([{ nominalMs: now + HOUR, effectiveMs: now + HOUR }]);
  expect((await hot.getMany([schedule.scheduleId]))[0]?.state.nextExecution).toBe(now + HOUR);
});

it("counts the wait of an occurrence from the occurrence before it, and of the first from the put", async () => {
  await hot.put(create(recurring(), planOf(now + 300, now + 600)));
  await untilPast(hot, now + 600);
  const [first, second] = (await claimOccurrences(hot)).toSorted((a, b) => a.nominalMs - b.nominalMs);
  expect(first?.enteredAtMs).toBeLessThan(now + 300);
  expect(second?.enteredAtMs).toBe(now + 300);
});

it("recovers a schedule whose worker died with the last planned occurrence", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10)));
  const lost = await claimOne(hot, { leaseMs: 5 });
  await untilPast(hot, (await hot.now()) + 5);
  expect(lost.planLeft).toEqual([]);
  expect(await hot.rescue({ limit: 5, shard: 0 })).toBe(1);
  const claims = await claimAll(hot);
  expect(claims).toMatchObject([
    { kind: "plan", plan: [], lastNominalMs: now - 10 },
    { kind: "occurrence", key: lost.key, planLeft: [] },
  ]);
});

it("claims several due occurrences of one schedule in their order", async () => {
  await hot.put(create(recurring(), planOf(now - 300, now - 200, now - 100, now + HOUR)));
  expect((await claimOccurrences(hot)).map((one) => one.nominalMs)).toEqual([now - 300, now - 200, now - 100]);
});

it("orders by effective time and keeps the nominal time", async () => {
  const plan = [
    { nominalMs: now - 50, effectiveMs: now - 5 },
    { nominalMs: now - 20, effectiveMs: now + HOUR },
  ];
  await hot.put(create(recurring(), plan));
  expect(await claimOne(hot)).toMatchObject({ nominalMs: now - 50, effectiveMs: now - 5, planLeft: [plan[1]] });
});

it("appends only occurrences after the last planned occurrence, also if occurrences are sent twice", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10, now + HOUR)));
  const claim = await claimOne(hot);
  const tail: PlanTail = { kind: "hot", more: planOf(now + HOUR, now + 2 * HOUR) };
  await hot.settle([done(claim, {}, tail)]);
  expect((await hot.getMany([schedule.scheduleId]))[0]?.state.nextExecution).toBe(now + HOUR);
  await hot.put({ ...create(edited(schedule, {}), planOf(now - 1)), expectedVersion: 1 });
  const second = await claimOne(hot);
  expect(second.nominalMs).toBe(now - 1);
  await hot.settle([done(second, {}, { kind: "hot", more: planOf(now - 20, now + 5 * HOUR) })]);
  expect((await hot.upcoming({ limit: 5 })).map((one) => one.nominalMs)).toEqual([now + 5 * HOUR]);
});

it.each<[string, (claim: SettleItem["claim"]) => SettleItem, object]>([
  ["counts a success", (claim) => done(claim), { executionCount: 1, errorCount: 0, lastStatus: "succeeded" }],
  [
    "counts a dead occurrence as an error, with its text on one line",
    (claim) => done(claim, { outcome: "dead", firedAt: null, endedAt: 77, error: `a|b\nc${"x".repeat(400)}` }),
    { executionCount: 1, errorCount: 1, lastExecution: 77, lastError: `a|b c${"x".repeat(400)}`.slice(0, 300) },
  ],
  [
    "counts an expired occurrence",
    (claim) => done(claim, { outcome: "expired" }),
    { executionCount: 1, lastStatus: "expired" },
  ],
  [
    "does not count a cancelled occurrence as a run",
    (claim) => done(claim, { outcome: "cancelled" }),
    { executionCount: 0, lastStatus: "cancelled" },
  ],
])("%s", async (_, settle, state) => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10, now + HOUR)));
  await hot.settle([settle(await claimOne(hot))]);
  const hotRow = (await hot.getMany([schedule.scheduleId]))[0];
  expect(hotRow?.state).toMatchObject({ revision: 2, nextExecution: now + HOUR, ...state });
  expect(hotRow?.version).toBe(1);
  expect((await readOutbox(hot)).schedules).toEqual([hotRow]);
});

it("counts many occurrences of one schedule that end in one batch", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 30, now - 20, now - 10, now + HOUR)));
  const claims = await claimOccurrences(hot);
  await hot.settle(claims.map((claim) => done(claim)));
  expect((await hot.getMany([schedule.scheduleId]))[0]?.state).toMatchObject({ executionCount: 3, revision: 2 });
  expect((await readOutbox(hot)).executions).toHaveLength(3);
});

it("leaves the hot tier after its last near-term occurrence if the next occurrence is long-term", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10)));
  const far: PlanTail = { kind: "far", nextExecution: now + 90 * HOUR };
  expect(await hot.settle([done(await claimOne(hot), {}, far)])).toEqual(["settled"]);
  expect(await hot.getMany([schedule.scheduleId])).toEqual([null]);
  expect(await hot.fences([schedule.scheduleId])).toEqual([{ revision: 2, version: 1, deleted: false }]);
  expect(await hot.stats()).toMatchObject({ pending: 0, running: 0 });
  expect((await readOutbox(hot)).schedules).toMatchObject([
    { state: { tier: "clickhouse", nextExecution: now + 90 * HOUR, executionCount: 1, completed: false } },
  ]);
});

it("completes a schedule with its last occurrence", async () => {
  const schedule = recurring({ maxRuns: 1 });
  await hot.put(create(schedule, planOf(now - 10)));
  await hot.settle([done(await claimOne(hot), {}, { kind: "end" })]);
  expect((await readOutbox(hot)).schedules).toMatchObject([
    { state: { tier: "clickhouse", nextExecution: null, executionCount: 1, completed: true } },
  ]);
  expect(await hot.getMany([schedule.scheduleId])).toEqual([null]);
});

it("keeps a schedule in the hot tier while its last near-term occurrence is retried", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10)));
  const tail: PlanTail = { kind: "far", nextExecution: now + 90 * HOUR };
  await hot.settle([{ kind: "retry", claim: await claimOne(hot), atMs: now - 1, attempts: [], tail }]);
  const retry = await claimOne(hot);
  expect(retry.planLeft).toEqual([]);
  await hot.settle([done(retry, {}, tail)]);
  expect((await readOutbox(hot)).schedules).toMatchObject([{ state: { tier: "clickhouse", executionCount: 1 } }]);
});

it("lists the next planned run as upcoming while a retry waits, also behind many retries", async () => {
  for (let n = 0; n < 3; n++) await hot.put(create(recurring(), planOf(now - 10, now + HOUR)));
  const claims = await claimOccurrences(hot);
  expect(claims).toHaveLength(3);
  await hot.settle(
    claims.map((claim): SettleItem => ({ kind: "retry", claim, atMs: now + MINUTE, attempts: [], tail: null })),
  );
  expect((await hot.upcoming({ limit: 9 })).map((one) => one.effectiveMs)).toEqual(Array(3).fill(now + HOUR));
  expect(await hot.upcoming({ limit: 1 })).toMatchObject([{ nominalMs: now + HOUR, effectiveMs: now + HOUR }]);
});

it("ignores a tail of an older definition", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10)));
  const claim = await claimOne(hot);
  const next = edited(schedule, { cronExpression: "0 * * * *" });
  await hot.put({ ...create(next, planOf(now + HOUR)), expectedVersion: 1 });
  await hot.settle([done(claim, {}, { kind: "hot", more: planOf(now + MINUTE, now + 9 * HOUR) })]);
  expect((await hot.upcoming({ limit: 5 })).map((one) => one.nominalMs)).toEqual([now + HOUR]);
  const row = (await hot.getMany([schedule.scheduleId]))[0];
  expect(row).toMatchObject({ version: 2, cronExpression: "0 * * * *", state: { executionCount: 1, revision: 3 } });
});

it("never claims a nominal time twice, even if an edit on a slow clock plans it again", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10, now + HOUR)));
  await hot.settle([done(await claimOne(hot))]);
  await hot.put({ ...create(edited(schedule, {}), planOf(now - 10, now - 5, now + HOUR)), expectedVersion: 1 });
  expect((await claimOccurrences(hot)).map((one) => one.nominalMs)).toEqual([now - 5]);
});

it("counts a manual run without changing the plan", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now + HOUR)));
  const key = `${schedule.scheduleId}@manual:1`;
  await hot.enqueue({
    schedule,
    instance: { key, nominalMs: now, effectiveMs: now - 1, trigger: "manual", actor: "ann", lane: null },
  });
  await hot.settle([done(await claimOne(hot), {}, { kind: "end" })]);
  expect((await hot.getMany([schedule.scheduleId]))[0]?.state).toMatchObject({
    ...{ executionCount: 1, nextExecution: now + HOUR, completed: false },
  });
});

it("claims a retry with `deleted` set after its schedule was deleted", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10, now + HOUR)));
  const first = await claimOne(hot);
  await hot.put(removed(schedule));
  await hot.settle([{ kind: "retry", claim: first, atMs: now + HOUR, attempts: [], tail: null }]);
  const retry = await claimOne(hot);
  expect(retry).toMatchObject({ key: first.key, deleted: true, planLeft: null });
  await hot.settle([done(retry, { outcome: "cancelled" })]);
  const { schedules, executions } = await readOutbox(hot);
  expect(schedules).toMatchObject([{ state: { deleted: true, revision: 2 } }]);
  expect(executions).toHaveLength(1);
});

it("claims the plan of a late schedule, and stores skipped rows, instances and a new plan in one step", async () => {
  const schedule = recurring({ priority: 2 });
  const late = [now - 3 * HOUR, now - 2 * HOUR, now - HOUR];
  await hot.put(create(schedule, planOf(...late, now + HOUR)));
  const claim = await claimPlan();
  expect(claim).toMatchObject({
    key: `${schedule.scheduleId}#plan`,
    plan: planOf(...late, now + HOUR),
    lastNominalMs: null,
  });
  expect(await claimAll(hot)).toEqual([]);
  const skipped = late.slice(0, 2).map((scheduledFor) => ({ ...sampleExecution(schedule.scheduleId, scheduledFor) }));
  const instance = {
    key: `${schedule.scheduleId}@${late[2]}`,
    ...{ nominalMs: late[2] as number, effectiveMs: late[2] as number, trigger: "catch_up" as const, actor: null },
    lane: "c" as const,
  };
  const tail: PlanTail = { kind: "hot", more: planOf(now + HOUR) };
  const replan = { claim, executions: skipped, instances: [instance], tail };
  expect(await hot.replan(replan)).toBe("settled");
  expect(await hot.replan(replan)).toBe("refused");
  expect(await claimAll(hot, { catchUpLimit: 0 })).toEqual([]);
  const caughtUp = await claimOne(hot);
  expect(caughtUp).toMatchObject({ key: instance.key, trigger: "catch_up", planLeft: null });
  await hot.settle([done(caughtUp)]);
  const { schedules, executions } = await readOutbox(hot);
  expect(executions.slice(0, 2)).toEqual(skipped);
  expect(executions[2]).toMatchObject({ key: instance.key, trigger: "catch_up", outcome: "succeeded" });
  expect(schedules).toMatchObject([{ state: { nextExecution: now + HOUR, executionCount: 1 } }]);
});

it("counts a catch-up run although its schedule has moved to ClickHouse", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - HOUR)));
  const claim = await claimPlan();
  const instance = {
    key: `${schedule.scheduleId}@${now - HOUR}`,
    ...{
      nominalMs: now - HOUR,
      effectiveMs: now - HOUR,
      trigger: "catch_up" as const,
      actor: null,
      lane: "c" as const,
    },
  };
  await hot.replan({
    claim,
    executions: [],
    instances: [instance],
    tail: { kind: "far", nextExecution: now + 90 * HOUR },
  });
  await hot.settle([done(await claimOne(hot))]);
  expect((await readOutbox(hot)).schedules).toMatchObject([
    { state: { tier: "clickhouse", revision: 3, executionCount: 1, nextExecution: now + 90 * HOUR } },
  ]);
  expect(await hot.fences([schedule.scheduleId])).toMatchObject([{ revision: 3 }]);
});

it("gives no second outcome to an occurrence that a late replan decides again", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10)));
  await hot.settle([done(await claimOne(hot), {}, null)]);
  // The plan is used up, so the schedule would be due at the end of the lease. An edit without a plan makes it due now.
  await hot.put({ ...create(edited(schedule, {}), []), expectedVersion: 1 });
  const claim = await claimPlan();
  expect(claim).toMatchObject({ plan: [], lastNominalMs: now - 10 });
  await readOutbox(hot);
  await hot.replan({
    claim,
    executions: [sampleExecution(schedule.scheduleId, now - 10), sampleExecution(schedule.scheduleId, now - 5)],
    instances: [],
    tail: { kind: "hot", more: planOf(now + HOUR) },
  });
  expect((await readOutbox(hot)).executions.map((one) => one.scheduledFor)).toEqual([now - 5]);
});

it("releases a plan whose worker died, and refuses that worker's replan", async () => {
  await hot.put(create(recurring(), planOf(now - HOUR, now + HOUR)));
  const [lost] = await claimAll(hot, { leaseMs: -1 });
  expect(await hot.rescue({ limit: 5, shard: 0 })).toBe(1);
  const claim = await claimPlan();
  const tail: PlanTail = { kind: "hot", more: planOf(now + HOUR) };
  expect(await hot.replan({ claim: lost as PlanClaim, executions: [], instances: [], tail })).toBe("refused");
  expect(await hot.replan({ claim, executions: [], instances: [], tail })).toBe("settled");
});

it.each([
  [
    "an edit",
    (schedule: ReturnType<typeof recurring>) => ({
      ...create(edited(schedule, {}), planOf(now + HOUR)),
      expectedVersion: 1,
    }),
  ],
  ["a delete", removed],
])("refuses a new plan after %s", async (_, change) => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - HOUR)));
  const claim = await claimPlan();
  await hot.put(change(schedule));
  const tail: PlanTail = { kind: "hot", more: planOf(now + 7 * HOUR) };
  expect(await hot.replan({ claim, executions: [], instances: [], tail })).toBe("refused");
  expect((await hot.upcoming({ limit: 5 })).map((one) => one.nominalMs)).not.toContain(now + 7 * HOUR);
});

it("does not append to a plan that is claimed, and stores the plan of the replan", async () => {
  const schedule = recurring();
  await hot.put(create(schedule, planOf(now - 10)));
  const occurrence = await claimOne(hot, { leaseMs: 5 });
  await untilPast(hot, (await hot.now()) + 5);
  const claim = await claimPlan();
  await hot.settle([done(occurrence, {}, { kind: "hot", more: planOf(now - 5) })]);
  expect(await claimAll(hot)).toEqual([]);
  expect(await hot.replan({ claim, executions: [], instances: [], tail: { kind: "hot", more: planOf(now - 5) } })).toBe(
    "settled",
  );
  expect((await claimOne(hot)).nominalMs).toBe(now - 5);
});

function sampleExecution(scheduleId: string, scheduledFor: number) {
  const { attempts, ...rest } = delta({ outcome: "skipped", reason: "catch_up_policy", firedAt: null });
  return {
    ...{ executionId: `${scheduleId}-${scheduledFor}`, key: `${scheduleId}@${scheduledFor}`, scheduleId },
    ...{ scheduleName: null, scheduleVersion: 1, trigger: "schedule" as const, topic: "t", entityType: "e" },
    ...{ entityId: null, action: "a", source: "admin" as const, correlationId: "c", priority: 0, scheduledFor },
    ...{ effectiveAt: scheduledFor, latenessMs: 1, late: false, note: null, tier: "redis" as const, enteredRedisAt: 1 },
    ...{ payload: '{"a":"\\n|"}', headers: {}, rawValue: false, actorType: "system" as const, actorId: "scheduler" },
    ...rest,
    attempts: [],
  };
}
