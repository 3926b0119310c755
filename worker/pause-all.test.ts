import { afterAll, beforeAll, expect, test } from "vitest";
import { ExplainTimeInput, explainTime } from "~/server/services/explain";
import { getEngine, getHealth } from "~/server/services/monitoring";
import { getPauseAll, pauseAll, resumeAll } from "~/server/services/pause-all";
import { createSchedule, executeSchedule } from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

/* The worker is a separate process. No web process runs. */

let stack: TestStack;
let worker: WorkerProcess;

beforeAll(async () => {
  stack = await startTestStack();
  worker = await startWorkerProcess({ ...stack.env, LOG_LEVEL: "info" });
}, 120_000);
afterAll(async () => {
  await worker?.end("SIGKILL");
  await stack?.stop();
});

const iso = (ms: number) => new Date(ms).toISOString();
const rowsOf = async (scheduleId: string) =>
  (await stack.deps.store.listExecutions({ scheduleId, fromMs: 0, toMs: Date.now() + 3_600_000, limit: 500 })).items;
const create = async (over: object) => {
  const input = { topic: "all", entityType: "x", action: "y", ...over };
  return (await createSchedule({ ctx: stack.ctx, input: input as never })).schedule.scheduleId;
};

/** Deletes all keys of this stack at once, like FLUSHALL. */
async function wipe(): Promise<void> {
  const script = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end";
  await stack.redis.eval(script, 0, `${stack.prefix}*`);
}

const published = async (topic = "all") => (await stack.published(topic)).length;

test("only manual runs fire during a pause of all firing, even after a wipe of Redis; then each occurrence has one outcome", {
  timeout: 180_000,
}, async () => {
  const every = await create({ cronExpression: "* * * * * *", topic: "every" });
  await eventually(async () => ((await published("every")) > 0 ? true : null), { what: "the first run" });
  const paused = await pauseAll({ ctx: stack.ctx, input: { reason: "provider down" } });
  expect(paused).toMatchObject({ paused: true, reason: "provider down", until: null });
  const plain = await Promise.all(Array.from({ length: 5 }, (_, n) => create({ executionTime: iso(Date.now() + n) })));
  const withHeaders = await create({ executionTime: iso(Date.now()), headers: { "x-own": "1" } });
  // A run that was claimed before the pause may still end.
  await eventually(async () => ((await stack.deps.hot.stats()).running === 0 ? true : null), { what: "no claims" });
  const before = await published("every");
  const { executionId } = await executeSchedule({ ctx: stack.ctx, input: { scheduleId: every } });
  await eventually(async () => ((await published("every")) === before + 1 ? true : null), { what: "Run now" });

  const health = await getHealth({ ctx: stack.ctx });
  expect(health.reasons.map(({ code }) => code)).toContain("all_paused");
  expect((await getEngine({ ctx: stack.ctx })).pauseAll).toMatchObject({ paused: true });
  await eventually(
    async () => ((await stack.deps.hot.stats()).outboxDepth === 0 && (await rowsOf(every)).length > 0 ? true : null),
    { what: "all is recorded" },
  );
  await wipe();
  await eventually(async () => ((await stack.deps.hot.epoch()) === null ? null : true), { what: "the rebuild" });
  expect(await stack.deps.hot.pauses()).toEqual([{ untilMs: null }]);
  expect(await getPauseAll({ ctx: stack.ctx })).toMatchObject({ paused: true, reason: "provider down" });
  const waitStarted = Date.now();
  await eventually(async () => (Date.now() - waitStarted > 2500 ? true : null), { what: "time for several runs" });
  // The wipe also deleted the streams of the bus, so any event in them was published after the wipe.
  expect([await published(), await published("every")]).toEqual([0, 0]);

  await resumeAll({ ctx: stack.ctx, input: {} });
  await eventually(async () => ((await published()) >= 6 ? true : null), { what: "the events that waited" });
  await eventually(async () => ((await published("every")) >= 3 ? true : null), { what: "the runs that waited" });
  await eventually(async () => ((await stack.deps.hot.stats()).outboxDepth === 0 ? true : null), { what: "recording" });
  for (const scheduleId of [...plain, withHeaders]) {
    expect(await rowsOf(scheduleId)).toMatchObject([{ outcome: "succeeded" }]);
  }
  const rows = await rowsOf(every);
  expect(rows.some((row) => row.executionId === executionId)).toBe(true);
  const planned = rows.filter(({ trigger }) => trigger !== "manual").map((row) => row.scheduledFor);
  const [first = 0, last = 0] = [Math.min(...planned), Math.max(...planned)];
  // Each second has exactly one row.
  expect([...new Set(planned)]).toHaveLength(planned.length);
  expect(planned).toHaveLength((last - first) / 1000 + 1);

  const at = Math.ceil((Date.parse(paused.pausedAt ?? "") + 1000) / 1000) * 1000;
  const { answers } = await explainTime({
    ctx: stack.ctx,
    input: ExplainTimeInput.parse({ scheduleId: every, at: iso(at) }),
  });
  expect(answers[0]?.sentence).toMatch(/all firing was paused by .* 'provider down'.*resumed/i);
});

test("a pause of all firing ends at its planned end without a web process, and the audit trail records it", {
  timeout: 90_000,
}, async () => {
  const until = Date.now() + 3000;
  await pauseAll({ ctx: stack.ctx, input: { reason: "short", until } });
  await create({ topic: "timed", executionTime: iso(Date.now()) });
  await eventually(async () => ((await published("timed")) === 1 ? true : null), { what: "the event" });
  expect(Date.now()).toBeGreaterThanOrEqual(until);
  expect(await getPauseAll({ ctx: stack.ctx })).toMatchObject({ paused: false });
  await eventually(async () => ((await stack.deps.hot.pauses())[0] === null ? true : null), { what: "no flag" });
  await recordAll(stack.deps, 0);
  const range = { fromMs: 0, toMs: Date.now() + 60_000, targets: ["firing"], verbs: ["system.resume_all"] };
  const { items } = await eventually(
    async () => {
      const page = await stack.deps.store.listAudit({ ...range, limit: 10 });
      return page.items.some((json) => json.includes("the pause ended")) ? page : null;
    },
    { what: "the audit entry" },
  );
  expect(JSON.parse(items[0] ?? "{}")).toMatchObject({ actor: "system", action: "system.resume_all" });
});
