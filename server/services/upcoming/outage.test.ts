import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CATCH_UP_GRACE_MS } from "~/server/domain/catch-up";
import { decideRecovery, type NotRun } from "~/server/domain/load/outage";
import { isRecurring, occurrencesOf, runsLeft } from "~/server/domain/plan";
import type { CatchUp, Schedule } from "~/server/domain/schedule";
import type { Claim } from "~/server/ports/hot/claims";
import { createBreakers } from "~/server/services/firing/breakers";
import { catchUp } from "~/server/services/firing/catch-up";
import { runClaims } from "~/server/services/firing/run-claims";
import { createSchedules } from "~/server/services/schedules";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { aSchedule } from "~/server/testing/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { simulateOutage } from "./outage";

/*
 * Compares the simulation with a worker's claims, catch-up and publishing after ten minutes, or 40 s, without a worker.
 */

const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;
/** The number of earlier runs of each schedule. */
const RUNS_TAKEN = 3;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

interface Case {
  title: string;
  catchUp: CatchUp;
  cron?: string;
  missedMs?: number;
  maxDelaySeconds?: number;
  maxRuns?: number;
  jitterSeconds?: number;
}

const catchUpOf = (policy: CatchUp["policy"], windowSeconds = DAY_SECONDS, maxRuns = 100): CatchUp => ({
  policy,
  windowSeconds,
  maxRuns,
});

const CASES: Case[] = [
  { title: "none", catchUp: catchUpOf("none") },
  { title: "last", catchUp: catchUpOf("last") },
  { title: "last, all outside of the window", catchUp: catchUpOf("last", 0) },
  { title: "all", catchUp: catchUpOf("all") },
  { title: "all, the newest three", catchUp: catchUpOf("all", DAY_SECONDS, 3) },
  { title: "all, within a window", catchUp: catchUpOf("all", 330) },
  { title: "all, some occurrences later than the maximum delay", catchUp: catchUpOf("all"), maxDelaySeconds: 200 },
  { title: "all, with two runs left", catchUp: catchUpOf("all"), maxRuns: RUNS_TAKEN + 2 },
  { title: "all, with jitter", catchUp: catchUpOf("all", DAY_SECONDS, 4), jitterSeconds: 45 },
  { title: "at most a minute late", catchUp: catchUpOf("none"), cron: "*/10 * * * * *", missedMs: 40_000 },
  {
    title: "at most a minute late, with two runs left",
    catchUp: catchUpOf("none"),
    cron: "*/10 * * * * *",
    missedMs: 40_000,
    maxRuns: RUNS_TAKEN + 2,
  },
];

/** Outcome and reason in the ledger, by the reason of the simulation. */
const ENDS: Record<NotRun, string> = {
  policy_none: "skipped: catch_up_policy",
  merged_into_last: "skipped: catch_up_policy",
  over_limit: "skipped: catch_up_policy",
  outside_window: "skipped: catch_up_policy",
  max_delay: "expired: max_delay",
  schedule_ended: "skipped: schedule_ended",
};

/** Makes a schedule of which no occurrence has been claimed since `plannedSince`. */
function unclaimedSchedule(
  testCase: Case,
  nowMs: number,
): { schedule: Schedule & { cronExpression: string }; plannedSince: number } {
  const cronExpression = testCase.cron ?? "* * * * *";
  const plannedSince = nowMs - (testCase.missedMs ?? 10 * MINUTE_MS);
  const schedule = aSchedule({
    scheduleId: randomUUID(),
    cronExpression,
    topic: "outage",
    catchUp: testCase.catchUp,
    plannedSince,
    maxDelaySeconds: testCase.maxDelaySeconds ?? DAY_SECONDS,
    maxRuns: testCase.maxRuns ?? null,
    jitterSeconds: testCase.jitterSeconds ?? 0,
    state: { runsTaken: RUNS_TAKEN, nextExecution: plannedSince },
  });
  if (!isRecurring(schedule)) throw new Error("the schedule has no cron");
  return { schedule, plannedSince };
}

describe("a simulated outage", () => {
  test.each(CASES)("has the same outcomes as a worker: $title", async (testCase) => {
    const { deps } = stack;
    const { schedule, plannedSince } = unclaimedSchedule(testCase, await deps.hot.now());
    const left = runsLeft(schedule, 0);
    const all = occurrencesOf(schedule, { afterMs: plannedSince, untilMs: plannedSince + 11 * MINUTE_MS, limit: 16 });
    const plan = left === null ? all : all.slice(0, left);
    await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: null });

    const claimInput = {
      workerId: "w",
      shard: 0,
      limit: 500,
      leaseMs: 30_000,
      catchUpLimit: 500,
      graceMs: CATCH_UP_GRACE_MS,
    };
    const { claims, nowMs } = await deps.hot.claim(claimInput);
    const breakers = createBreakers(deps);
    const run = (toRun: Claim[]) => runClaims({ deps, breakers, workerId: "w", claims: toRun, nowMs });
    const scheduleClaims = claims.filter((one) => one.schedule.scheduleId === schedule.scheduleId);
    for (const claim of scheduleClaims) if (claim.kind === "plan") await catchUp({ deps, claim, nowMs });
    await run(scheduleClaims.filter((one) => one.kind === "occurrence"));
    const later = await deps.hot.claim(claimInput);
    await run(later.claims.filter((one): one is Claim => one.kind === "occurrence" && one.nominalMs <= nowMs));

    const due = occurrencesOf(schedule, { afterMs: plannedSince, untilMs: nowMs, limit: 1000 });
    const simulated = decideRecovery({
      ...{ due, nowMs, runsLeft: left, recurring: true },
      catchUp: schedule.catchUp,
      maxDelaySeconds: schedule.maxDelaySeconds,
    });
    const expected = new Map([
      ...simulated.runs.map(({ nominalMs }) => [nominalMs, "succeeded"] as const),
      ...simulated.notRun.map(({ time, why }) => [time.nominalMs, ENDS[why]] as const),
    ]);
    const { executions } = await deps.hot.unflushed({ limit: 10_000 });
    const ended = executions
      .filter((one) => one.scheduleId === schedule.scheduleId)
      .map((one) => [one.scheduledFor, one.reason === null ? one.outcome : `${one.outcome}: ${one.reason}`] as const);
    expect(new Map(ended.toSorted((a, b) => a[0] - b[0]))).toEqual(
      new Map([...expected].toSorted((a, b) => a[0] - b[0])),
    );
    expect(ended.length, "each occurrence ends once").toBe(expected.size);
    expect(expected.size).toBeGreaterThan(1);
  });

  test("counts all recorded schedules, grouped by policy", async () => {
    const { deps, ctx } = stack;
    const base = { topic: "simulated", entityType: "user", action: "a", payload: {}, timezone: "UTC" };
    const items = [
      ...Array.from({ length: 3 }, () => ({ ...base, cronExpression: "15 * * * *", catchUp: { policy: "last" } })),
      ...Array.from({ length: 2 }, () => ({ ...base, cronExpression: "15 * * * *", catchUp: { policy: "none" } })),
      { ...base, cronExpression: "15 * * * *", catchUp: { policy: "all" }, jitterSeconds: 600 },
    ];
    // The cron fires at both ends. The run at the end is not in the outage.
    const fromMs = Math.ceil(Date.now() / (60 * MINUTE_MS)) * 60 * MINUTE_MS + (24 * 60 + 15) * MINUTE_MS;
    const toMs = fromMs + 120 * MINUTE_MS;
    const executionTime = new Date(fromMs + 30 * MINUTE_MS).toISOString();
    const recording = keepRecording(deps);
    await createSchedules({
      ctx,
      input: { items: [...items, { ...base, executionTime }, { ...base, executionTime, maxDelaySeconds: 60 }] },
    });
    await recording.stop();
    await recordAll(deps, 0);
    const found = await simulateOutage({ ctx, input: { from: fromMs, to: toMs, topic: ["simulated"] } });
    expect(found).toMatchObject({
      due: 14,
      runs: 3 + 2 + 1,
      caughtUp: 5,
      notRun: { merged_into_last: 3, policy_none: 4, max_delay: 1 },
      oneTime: { due: 2, runs: 1, expired: 1 },
      coverage: { schedules: 8, counted: 8 },
    });
    expect(found.groups.map(({ policy, schedules, due, runs }) => [policy, schedules, due, runs])).toEqual([
      ["last", 3, 6, 3],
      ["none", 2, 4, 0],
      ["all", 1, 2, 2],
    ]);
    expect(found.groups.map(({ schedule }) => schedule)).toEqual([
      null,
      null,
      { scheduleId: expect.any(String), name: null, entityType: "user", action: "a", entityId: null },
    ]);
  });

  test.each([
    ["in the past", -10, 10, "from"],
    ["longer than a day", 10, 10 + 25 * 60, "to"],
    ["reversed", 10, 5, "to"],
  ])("is refused if it is %s", async (_, fromMinutes, toMinutes, field) => {
    const at = (minutes: number) => Date.now() + minutes * MINUTE_MS;
    const input = { from: at(fromMinutes), to: at(toMinutes) };
    await expect(simulateOutage({ ctx: stack.ctx, input })).rejects.toMatchObject({
      code: "validation_failed",
      faults: [{ field }],
    });
  });
});
