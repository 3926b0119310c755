import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { packId } from "~/server/adapters/redis/codec/packed-id";
import { openBundled } from "~/server/adapters/tz/bundled";
import { chooseZones } from "~/server/adapters/tz/choose";
import { loadZones } from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import type { Claim } from "~/server/ports/hot/claims";
import { createBreakers } from "~/server/services/firing/breakers";
import { createRecorder } from "~/server/services/firing/record";
import { runClaims } from "~/server/services/firing/run-claims";
import { getHealth } from "~/server/services/monitoring";
import { storeHeartbeat } from "~/server/services/monitoring/workers";
import {
  createSchedule,
  createSchedules,
  deleteSchedule,
  getSchedule,
  PreviewScheduleInput,
  previewSchedule,
} from "~/server/services/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { applyZones, getTimeZones } from ".";

const folder = (version: string) => fileURLToPath(new URL(`../../adapters/tz/fixtures/${version}`, import.meta.url));
const useZones = (version: string) => loadZones(chooseZones({ tzdataDir: folder(version) }).database);

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());
afterEach(() => loadZones(openBundled()));

/** The rules of the first three zones differ between 2025c and 2026f. */
const ZONES = [
  "America/Vancouver",
  "Europe/Chisinau",
  "America/Winnipeg",
  "Europe/Berlin",
  "America/New_York",
  "Etc/UTC",
];

async function record(): Promise<void> {
  const recorder = createRecorder(stack.deps, 0);
  while ((await recorder.once()).entries > 0);
}

/** Runs a function and a recorder, because the create of a long-term schedule waits for ClickHouse. */
async function whileRecording<T>(run: () => Promise<T>): Promise<T> {
  let isOver = false;
  const running = run().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await record();
    await Promise.race([running.catch(() => undefined), new Promise((resolve) => setImmediate(resolve))]);
  }
  return running;
}

async function createMany(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 500) {
    const items = Array.from({ length: Math.min(500, count - from) }, (_, i) => ({
      name: `job ${from + i}`,
      topic: "t",
      entityType: "e",
      action: "a",
      payload: {},
      // Yearly schedules are long-term, and daily schedules are in Redis.
      cronExpression: (from + i) % 2 === 0 ? "0 8 28 1 *" : `${(from + i) % 60} 8 * * *`,
      timezone: ZONES[Math.floor((from + i) / 2) % ZONES.length],
    }));
    const results = await whileRecording(() => createSchedules({ ctx: stack.ctx, input: { items } as never }));
    ids.push(...results.items.map((item) => ("scheduleId" in item ? item.scheduleId : "")));
  }
  await record();
  return ids;
}

describe("0 8 * * * in Vancouver on 1 December 2026", () => {
  const at = (iso: string) => Date.parse(`2026-${iso}Z`);
  const score = (scheduleId: string) => stack.redis.zscore(`${stack.prefix}{0}:due:0`, packId(scheduleId)).then(Number);
  const claimed = async (scheduleId: string) => {
    const claimInput = { workerId: "w", shard: 0, limit: 100, leaseMs: 30_000, catchUpLimit: 0, graceMs: 1e12 };
    const { claims } = await stack.deps.hot.claim(claimInput);
    return claims.find((one): one is Claim => one.kind === "occurrence" && one.schedule.scheduleId === scheduleId);
  };

  test.each([
    { version: "2025c", hour: "16" },
    { version: "2026f", hour: "15" },
  ])("is planned by $version for $hour:00Z, at its creation and after the previous run", async ({ version, hour }) => {
    useZones(version);
    const now = stack.deps.clock.now;
    try {
      stack.deps.clock.now = () => at("11-30T20:00");
      const input = {
        topic: "t",
        entityType: "e",
        action: "a",
        cronExpression: "0 8 * * *",
        timezone: "America/Vancouver",
      };
      const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
      expect(await score(schedule.scheduleId)).toBe(at(`12-01T${hour}:00`));
      // Claim the occurrence of the day before.
      const [row] = await stack.deps.hot.getMany([schedule.scheduleId]);
      const nominalMs = at(`11-30T${hour}:00`);
      const before = { ...(row as Schedule), scheduleId: randomUUID() };
      const plan = [{ nominalMs, effectiveMs: Date.now() - 1000 }];
      await stack.deps.hot.put({ schedule: before, placement: { tier: "redis", plan }, expectedVersion: null });
      const claim = (await claimed(before.scheduleId)) as Claim;
      expect(claim.nominalMs).toBe(nominalMs);
      const { deps } = stack;
      await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims: [claim], nowMs: nominalMs });
      expect(await score(before.scheduleId)).toBe(at(`12-01T${hour}:00`));
      const preview = {
        cronExpression: "0 8 * * *",
        timezone: "America/Vancouver",
        from: "2026-12-01T00:00:00Z",
        count: 1,
      };
      const shown = await previewSchedule({ ctx: stack.ctx, input: PreviewScheduleInput.parse(preview) });
      expect(shown.occurrences[0]?.nominal).toBe(`2026-12-01T${hour}:00:00.000Z`);
      for (const { scheduleId } of [schedule, before]) await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
      await record();
    } finally {
      stack.deps.clock.now = now;
    }
  });
});

describe("a change from tzdata 2025c to 2026f, with 1,000 schedules,", () => {
  test("replans schedules whose occurrences move, leaves the rest unchanged, and reports old and new times", async () => {
    useZones("2025c");
    expect(await applyZones(stack.deps)).toMatchObject({ version: "2025c", previous: null, moved: 0 });
    const ids = await createMany(1000);
    const before = new Map((await stack.deps.store.getSchedules(ids)).map((row) => [row.scheduleId, row]));
    expect(before.size).toBe(1000);

    useZones("2026f");
    const started = performance.now();
    const applied = await applyZones(stack.deps);
    const tookMs = performance.now() - started;
    expect(applied).toMatchObject({ version: "2026f", previous: "2025c" });
    await record();
    const after = new Map((await stack.deps.store.getSchedules(ids)).map((row) => [row.scheduleId, row]));
    const report = await getTimeZones({ ctx: stack.ctx, input: { limit: 1000 } });
    const moved = new Map(report.moves.map((move) => [move.scheduleId, move]));
    console.info(`1,000 schedules: ${applied?.checked} checked, ${applied?.moved} moved, ${Math.round(tookMs)} ms`);

    const yearly = [...after.values()].filter((row) => row.cronExpression === "0 8 28 1 *");
    for (const row of yearly) {
      const old = before.get(row.scheduleId)?.state.nextExecution as number;
      const next = row.state.nextExecution as number;
      const byHours = ["America/Vancouver", "America/Winnipeg"].includes(row.timezone) ? -1 : 0;
      expect((next - old) / 3_600_000, row.timezone).toBe(byHours);
      const [first] = moved.get(row.scheduleId)?.runs ?? [];
      const iso = (ms: number) => new Date(ms).toISOString();
      expect(first, row.timezone).toEqual(byHours === 0 ? undefined : { from: iso(old), to: iso(next) });
    }
    for (const row of after.values()) {
      if (["Europe/Berlin", "America/New_York", "Etc/UTC"].includes(row.timezone)) {
        expect(moved.has(row.scheduleId), row.timezone).toBe(false);
        expect(row.version, row.timezone).toBe(1);
      }
    }
    expect(report).toMatchObject({
      version: "2026f",
      applied: { version: "2026f", previous: "2025c", moved: moved.size },
    });
    // The view reads the plan in Redis.
    const hot = [...after.values()].find(
      (row) => row.timezone === "America/Vancouver" && row.cronExpression !== "0 8 28 1 *",
    );
    const view = await getSchedule({ ctx: stack.ctx, input: { scheduleId: hot?.scheduleId as string } });
    expect(new Date(view.nextExecution as string).getUTCHours()).toBe(15);
  }, 180_000);

  test("is not applied again, even by a restarted process", async () => {
    useZones("2026f");
    expect(await applyZones(stack.deps)).toBeNull();
    expect(await applyZones(await stack.another())).toBeNull();
  });

  test("is not reverted while a worker with the newer version is alive, and health reports both versions", async () => {
    const worker = {
      ...{ workerId: "new", host: "h", pid: 1, version: "1", startedAt: new Date().toISOString(), clockSkewMs: 0 },
      ...{ inFlight: 0, firedTotal: 0, url: "http://127.0.0.1:1", loops: [], seenAt: new Date().toISOString() },
    };
    await storeHeartbeat(stack.deps, { ...worker, tzdata: { version: "2026f", source: "test" } });
    useZones("2025c");
    expect(await applyZones(stack.deps)).toBeNull();
    const { reasons } = await getHealth({ ctx: stack.ctx });
    expect(reasons.map(({ message }) => message).join()).toMatch(/web has tzdata 2025c, worker new has 2026f/);
    await stack.redis.hdel(`${stack.prefix}workers`, "new");
    expect(await applyZones(stack.deps)).toMatchObject({ version: "2025c", previous: "2026f" });
  });
});

test("an occurrence that waits for its jitter during the change keeps its effective time", async () => {
  const { ctx, deps } = stack;
  const { clock, hot } = deps;
  const [clockNow, hotNow] = [clock.now, hot.now];
  onTestFinished(() => {
    clock.now = clockNow;
    hot.now = hotNow;
  });
  const at = (iso: string) => Date.parse(`2026-${iso}Z`);
  useZones("2025c");
  await applyZones(deps);
  clock.now = () => at("11-30T20:00");
  const event = { topic: "t", entityType: "e", action: "a", payload: {}, timezone: "America/Vancouver" };
  const item = { ...event, cronExpression: "0 8 * * *", jitterSeconds: 7200 };
  const created = await createSchedules({ ctx, input: { items: Array.from({ length: 5 }, () => item) } as never });
  const ids = created.items.map((one) => ("scheduleId" in one ? one.scheduleId : ""));
  await record();
  const scores = () =>
    Promise.all(ids.map((id) => stack.redis.zscore(`${stack.prefix}{0}:due:0`, packId(id)).then(Number)));
  const effective = await scores();
  // By the old rules, the nominal time is 16:00Z; by the new rules, 15:00Z.
  for (const ms of effective) expect(ms).toBeGreaterThan(at("12-01T16:00"));
  hot.now = async () => at("12-01T16:00");
  useZones("2026f");
  await applyZones(deps);
  expect((await hot.getMany(ids)).map((row) => row?.version)).toEqual(ids.map(() => 2));
  expect(await scores()).toEqual(effective);
});
