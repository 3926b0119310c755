import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { done, recurring } from "~/server/adapters/redis/testing/hot-tier-fixture";
import { AppError } from "~/server/domain/errors";
import { bulkRunKey, eventId } from "~/server/domain/ids";
import type { Claim } from "~/server/ports/hot/claims";
import { ListAuditInput, listAudit } from "~/server/services/audit-trail";
import { abortBulk, getBulk, listBulkItems, previewUndo, startBulk, undoBulk } from "~/server/services/bulk";
import type { BulkJob } from "~/server/services/bulk/jobs";
import { runBulkStep } from "~/server/services/bulk/run-step";
import type { BulkPreview } from "~/server/services/bulk/start";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { findSchedules } from "~/server/services/newest-schedules";
import {
  createSchedule,
  createSchedules,
  deleteSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { scheduleFields } from "~/server/services/schedules/view";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker, type Worker } from "~/worker/worker";

let stack: TestStack;
let worker: Worker | null = null;
let groupCount = 0;

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterEach(async () => {
  await worker?.stop();
  worker = null;
});
afterAll(async () => stack?.stop());

/** Schedules per step of a job. */
const STEP = 500;

/** Creates schedules with a common tag that no other schedule has. */
async function group(count: number, over: object = {}): Promise<{ tag: string; ids: string[] }> {
  groupCount += 1;
  const tag = `group-${groupCount}`;
  const ids: string[] = [];
  for (let from = 0; from < count; from += 1000) {
    const items = Array.from({ length: Math.min(1000, count - from) }, (_, i) => ({
      topic: "bulk",
      entityType: "user",
      action: "remind",
      payload: { n: from + i },
      tags: [tag, "old"],
      cronExpression: "0 3 * * *",
      ...over,
    }));
    const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
    for (const item of answer.items) if ("scheduleId" in item) ids.push(item.scheduleId);
  }
  expect(ids).toHaveLength(count);
  await recordAll(stack.deps, 0);
  return { tag, ids };
}

const start = async (input: object) =>
  (await startBulk({ ctx: stack.ctx, input: { dryRun: false, ...input } as never })) as BulkJob;

async function finish(jobId: string): Promise<BulkJob> {
  while (await runBulkStep(stack.deps));
  return getBulk({ ctx: stack.ctx, input: { jobId } });
}

const states = async (ids: readonly string[]) => {
  await recordAll(stack.deps, 0);
  const found = await findSchedules(stack.deps, ids);
  const rows = [...found.values()].map(scheduleFields);
  expect(rows).toHaveLength(ids.length);
  return { paused: rows.filter((row) => row.status === "paused").length, rows };
};

describe("a bulk job", () => {
  test("counts only existing ids in its preview", async () => {
    const { ids } = await group(3);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId: ids[2] as string } });
    const requested = [...ids, "0190f3a0-0000-7000-8000-000000000000"];
    const preview = (await startBulk({
      ctx: stack.ctx,
      input: { action: "pause", ids: requested, dryRun: true },
    })) as BulkPreview;
    expect([preview.count, preview.unknown]).toEqual([2, 2]);
    expect(preview.sample.map(({ scheduleId }) => scheduleId).toSorted()).toEqual(ids.slice(0, 2).toSorted());
  });

  test("previews its changes without making them", async () => {
    const { tag, ids } = await group(30);
    const preview = await startBulk({
      ctx: stack.ctx,
      input: { action: "pause", filter: { tag: [tag] }, dryRun: true },
    });
    expect(preview).toMatchObject({ count: 30 });
    expect("sample" in preview && preview.sample).toHaveLength(20);
    expect((await states(ids)).paused).toBe(0);
  });

  const REFUSED = [
    { what: "an empty filter", input: { action: "pause", filter: {} } },
    { what: "neither ids nor filter", input: { action: "pause" } },
    {
      what: "both ids and filter",
      input: { action: "pause", filter: { tag: ["x"] }, ids: ["01a20c82-f652-70cb-b620-ec7387862ca1"] },
    },
    { what: "a spread without jitter or minutes", input: { action: "spread", filter: { tag: ["x"] } } },
    { what: "a retag without tags", input: { action: "retag", filter: { tag: ["x"] } } },
  ];
  test.each(REFUSED)("refuses $what", async ({ input }) => {
    await expect(start(input)).rejects.toMatchObject({ code: "validation_failed" });
  });

  test("pauses all matches with the note, and its undo resumes the schedules that were not changed since", async () => {
    const { tag, ids } = await group(1200);
    const job = await start({ action: "pause", filter: { tag: [tag] }, note: "INC-7" });
    expect(await finish(job.jobId)).toMatchObject({ status: "done", total: 1200, changed: 1200, failed: 0 });
    const { paused, rows } = await states(ids);
    expect(paused).toBe(1200);
    expect(rows[0]).toMatchObject({ pauseNote: "INC-7", pausedBy: "system" });
    await recordAll(stack.deps, 0);
    const recording = keepRecording(stack.deps);
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId: ids[0], patch: { description: "mine" } } as never });
    await recording.stop();
    const undo = await undoBulk({ ctx: stack.ctx, input: { jobId: job.jobId } });
    expect(await finish(undo.jobId)).toMatchObject({ changed: 1199, skipped: 1, failed: 0 });
    expect((await states(ids)).paused).toBe(1);
    await expect(undoBulk({ ctx: stack.ctx, input: { jobId: job.jobId } })).rejects.toMatchObject({ code: "conflict" });
  }, 60_000);

  test("leaves the changes of others alone when it is undone, also if they overtook its own change", async () => {
    const { ids } = await group(2);
    const [mine, theirs] = ids as [string, string];
    const job = await start({ action: "pause", ids });
    const { hot } = stack.deps;
    const putMany: typeof hot.putMany = async (puts) => {
      await patchSchedule({ ctx: stack.ctx, input: { scheduleId: theirs, patch: { description: "edited" } } });
      return hot.putMany(puts);
    };
    await runBulkStep({ ...stack.deps, hot: { ...hot, putMany } });
    const { changed, failed } = await finish(job.jobId);
    expect([changed, failed]).toEqual([1, 1]);
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId: mine, enabled: true } });
    const [edited] = (await states([theirs])).rows;

    const { jobId } = job;
    expect(await previewUndo({ ctx: stack.ctx, input: { jobId } })).toMatchObject({ changes: 2, changedSince: 2 });
    const undone = await finish((await undoBulk({ ctx: stack.ctx, input: { jobId } })).jobId);
    expect([undone.changed, undone.skipped]).toEqual([0, 2]);
    expect((await states([theirs])).rows[0]).toMatchObject({ status: "active", version: edited?.version });
  });

  test("keeps its filter, lists its schedules in pages, and previews its undo", async () => {
    const { tag, ids } = await group(5);
    const job = await finish((await start({ action: "pause", filter: { tag: [tag] }, note: "maintenance" })).jobId);
    expect(job.filter).toEqual({ tag: [tag] });
    const { jobId } = job;
    const page = await listBulkItems({ ctx: stack.ctx, input: { jobId, from: 3, limit: 10 } });
    expect(page.total).toBe(5);
    expect(page.items.map(({ schedule }) => [schedule?.enabled, schedule?.deleted])).toEqual([
      [false, false],
      [false, false],
    ]);
    const edited = ids[0] as string;
    const recording = keepRecording(stack.deps);
    await patchSchedule({ ctx: stack.ctx, input: { scheduleId: edited, patch: { description: "changed since" } } });
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId: ids[1] as string } });
    await recording.stop();
    const preview = await previewUndo({ ctx: stack.ctx, input: { jobId } });
    expect(preview).toEqual({ changes: 5, checked: 5, changedSince: 2 });
    const undone = await finish((await undoBulk({ ctx: stack.ctx, input: { jobId } })).jobId);
    expect([undone.changed, undone.skipped]).toEqual([3, 2]);
  });

  test("changes tags, and its undo restores them", async () => {
    const { tag, ids } = await group(20);
    const job = await start({ action: "retag", ids, addTags: ["new"], removeTags: ["old"] });
    expect(await finish(job.jobId)).toMatchObject({ changed: 20 });
    const tags = async () => new Set((await states(ids)).rows.map((row) => row.tags.join()));
    expect(await tags()).toEqual(new Set([`${tag},new`]));
    await finish((await undoBulk({ ctx: stack.ctx, input: { jobId: job.jobId } })).jobId);
    expect(await tags()).toEqual(new Set([`${tag},old`]));
  });

  test.each([
    ["a jitter", { jitterSeconds: 300 }],
    ["minutes", { spreadMinutes: 15 }],
  ] as const)(
    "spreads by %s, changes nothing again in a repeated step, and its undo restores the old times",
    async (_, change) => {
      const { tag, ids } = await group(60);
      const timesOf = async () => (await states(ids)).rows.map((row) => [row.cronExpression, row.jitterSeconds]);
      const job = await start({ action: "spread", filter: { tag: [tag] }, ...change });
      const before = JSON.stringify(await getBulk({ ctx: stack.ctx, input: { jobId: job.jobId } }));
      expect(await finish(job.jobId)).toMatchObject({ total: 60, failed: 0 });
      const spread = await timesOf();
      if ("jitterSeconds" in change) expect(new Set(spread.map(String))).toEqual(new Set(["0 3 * * *,300"]));
      else expect(new Set(spread.map(([cron]) => cron)).size).toBeGreaterThan(10);
      // Minutes 0 to 14: the block of 15 minutes that contains the old minute 0.
      for (const [cron] of spread) expect(cron).toMatch(/^([0-9]|1[0-4]) 3 \* \* \*$/);
      // The next run of each schedule is at its new time.
      for (const row of (await states(ids)).rows) {
        expect(new Date(row.nextExecution ?? 0).getUTCMinutes()).toBe(Number(row.cronExpression?.split(" ")[0]));
      }

      // The step was executed, but its worker died before it stored the result.
      await stack.redis.set(`${stack.prefix}bulk:job:${job.jobId}`, before);
      await stack.redis.zadd(`${stack.prefix}bulk:active`, 0, job.jobId);
      expect(await finish(job.jobId)).toMatchObject({ changed: 0, skipped: 60 });
      expect(await timesOf()).toEqual(spread);

      await finish((await undoBulk({ ctx: stack.ctx, input: { jobId: job.jobId } })).jobId);
      expect(new Set((await timesOf()).map(String))).toEqual(new Set(["0 3 * * *,0"]));
    },
  );

  test("is named in the audit trail by its action and the number of its schedules", async () => {
    const { ids } = await group(3);
    const job = await start({ action: "pause", ids });
    await finish(job.jobId);
    await finish((await undoBulk({ ctx: stack.ctx, input: { jobId: job.jobId } })).jobId);
    await recordAll(stack.deps, 0);
    const input = ListAuditInput.parse({ from: new Date(0).toISOString(), target: job.jobId });
    const { items } = await listAudit({ ctx: stack.ctx, input });
    const names = items.filter(({ target }) => target === job.jobId).map(({ verb, targetName }) => [verb, targetName]);
    expect(names).toEqual([
      ["bulk.undo", "Pause 3 schedules"],
      ["bulk.pause", "Pause 3 schedules"],
    ]);
  });

  test("deletes schedules, which cannot be undone", async () => {
    const { ids } = await group(10);
    const job = await start({ action: "delete", ids });
    expect(await finish(job.jobId)).toMatchObject({ changed: 10 });
    const undo = undoBulk({ ctx: stack.ctx, input: { jobId: job.jobId } });
    await expect(undo).rejects.toMatchObject({ code: "conflict" });
    for (const scheduleId of ids) {
      await expect(getSchedule({ ctx: stack.ctx, input: { scheduleId } })).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("stops after the current step when it is aborted", async () => {
    const { ids } = await group(1200);
    const job = await start({ action: "pause", ids });
    await runBulkStep(stack.deps);
    await abortBulk({ ctx: stack.ctx, input: { jobId: job.jobId } });
    expect(await finish(job.jobId)).toMatchObject({ status: "aborted", done: STEP, changed: STEP });
    expect((await states(ids)).paused).toBe(STEP);
  });

  test("continues after a worker died during a step, and runs no schedule twice", async () => {
    const { tag, ids } = await group(STEP + 100);
    const job = await start({ action: "execute", filter: { tag: [tag] } });
    const before = JSON.stringify(await getBulk({ ctx: stack.ctx, input: { jobId: job.jobId } }));
    await runBulkStep(stack.deps);
    // The step was executed, but its worker died before it stored the result.
    await stack.redis.set(`${stack.prefix}bulk:job:${job.jobId}`, before);
    expect(await finish(job.jobId)).toMatchObject({ status: "done", changed: STEP + 100, skipped: 0 });
    expect(
      (await stack.deps.hot.listInstances({ limit: 10_000 })).filter((one) => ids.includes(one.schedule.scheduleId)),
    ).toHaveLength(STEP + 100);
  });

  test("runs each schedule once, with one audit entry, if Redis refuses a run or its reply is lost", async () => {
    const { ids } = await group(3);
    const job = await start({ action: "execute", ids });
    const { hot } = stack.deps;
    const runKeys = new Set(ids.map((id) => bulkRunKey(id, job.jobId)));
    const ended: string[] = [];
    const endRuns = async () => {
      const limits = { workerId: "w", shard: 0, limit: 10_000, leaseMs: 600_000, catchUpLimit: 0, graceMs: 60_000 };
      const { claims } = await hot.claim(limits);
      const runs = claims.filter((one): one is Claim => one.kind === "occurrence" && runKeys.has(one.key));
      await hot.settle(runs.map((one) => done(one)));
      ended.push(...runs.map(({ key }) => key));
    };
    const stepThatFails = async (failure: { atCall: number; isReplyLost: boolean }) => {
      let calls = 0;
      const enqueueOnce: typeof hot.enqueueOnce = async (input) => {
        calls += 1;
        if (calls !== failure.atCall) return hot.enqueueOnce(input);
        if (failure.isReplyLost) await hot.enqueueOnce(input);
        throw new AppError("redis_unavailable", "away");
      };
      const step = runBulkStep({ ...stack.deps, hot: { ...hot, enqueueOnce } });
      await expect(step).rejects.toMatchObject({ code: "redis_unavailable" });
      await endRuns();
    };
    await stepThatFails({ atCall: 2, isReplyLost: false });
    await stepThatFails({ atCall: 3, isReplyLost: true });
    expect(await finish(job.jobId)).toMatchObject({ status: "done", changed: 3, skipped: 0 });
    await endRuns();
    expect(ended.toSorted()).toEqual([...runKeys].toSorted());
    await recordAll(stack.deps, 0);
    const input = ListAuditInput.parse({ from: new Date(0).toISOString(), verb: "schedule.execute" });
    const entries = (await listAudit({ ctx: stack.ctx, input })).items.filter((entry) => entry.job === job.jobId);
    expect(entries.map(({ target }) => target).toSorted()).toEqual(ids.toSorted());
    const executionIds = ended.map((key) => ({ executionId: eventId(key) }));
    expect(entries.map(({ after }) => after)).toEqual(expect.arrayContaining(executionIds));
  });

  test.each([
    {
      what: "cannot be encoded for Redis",
      action: "execute",
      bad: { priority: 10 },
      reason: /^priority: must be a whole number from 0 to 9, got 10$/,
    },
    {
      what: "cannot be encoded for Redis",
      action: "pause",
      bad: { priority: 10 },
      reason: /^priority: must be a whole number from 0 to 9, got 10$/,
    },
    {
      what: "has an invalid cron",
      action: "resume",
      bad: { cronExpression: "? * * * *", enabled: false },
      reason: /^minute: /,
    },
  ])("processes all other schedules when it has to $action a schedule that $what", async ({ action, bad, reason }) => {
    const { ids } = await group(2);
    if (action === "resume") {
      for (const scheduleId of ids) await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
    }
    const stored = recurring(bad);
    const row = { ...stored, state: { ...stored.state, tier: "clickhouse" as const } };
    await stack.deps.store.insertBatch({ token: row.scheduleId, schedules: [row], executions: [] });
    const [first, second] = ids as [string, string];
    const job = await start({ action, ids: [first, row.scheduleId, second] });
    expect(await finish(job.jobId)).toMatchObject({
      ...{ status: "done", changed: 2, skipped: 0, failed: 1 },
      failures: [{ id: row.scheduleId, reason: expect.stringMatching(reason) }],
    });
  });

  test("runs in a worker while a schedule that fires every second stays on time", async () => {
    const { tag } = await group(5000);
    const live = await createSchedule({
      ctx: stack.ctx,
      input: { topic: "live", entityType: "user", action: "tick", payload: {}, cronExpression: "* * * * * *" } as never,
    });
    worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
    const job = await start({ action: "pause", filter: { tag: [tag] } });
    const done = await eventually(
      async () => {
        const now = await getBulk({ ctx: stack.ctx, input: { jobId: job.jobId } });
        return now.status === "done" ? now : null;
      },
      { what: "the job is done", timeoutMs: 60_000 },
    );
    expect(done).toMatchObject({ changed: 5000, failed: 0 });
    const { scheduleId } = live.schedule;
    const rows = await eventually(
      async () => {
        const input = ListExecutionsInput.parse({ scheduleId, limit: 100 });
        const { items } = await listExecutions({ ctx: stack.ctx, input });
        return items.length >= 3 ? items : null;
      },
      { what: "three live runs" },
    );
    for (const row of rows) expect(row.latenessMs).toBeLessThan(2000);
  }, 90_000);
});
