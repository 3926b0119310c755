import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBulk, undoBulk } from "~/server/services/bulk";
import type { BulkJob } from "~/server/services/bulk/jobs";
import { runBulkStep } from "~/server/services/bulk/run-step";
import {
  createSchedule,
  createSchedules,
  deleteSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import {
  ActivityInput,
  ExportAuditInput,
  exportAudit,
  ListAuditInput,
  listAudit,
  listLastPauses,
  scheduleActivity,
} from ".";
import type { AuditRow } from "./list";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const ana = () =>
  ({
    ...stack.ctx,
    principal: { id: "u1", email: "ana@x.org", name: "Ana", role: "editor", via: "session" },
    requestId: "req-1",
    address: "10.0.0.7",
  }) as const;
const PLAIN = { topic: "audit", entityType: "user", action: "remind", payload: {}, cronExpression: "0 3 * * *" };

/** Runs the work and a recorder, because changes of long-term schedules wait for ClickHouse. */
async function recording<T>(work: () => Promise<T>): Promise<T> {
  const running = keepRecording(stack.deps);
  try {
    return await work();
  } finally {
    await running.stop();
  }
}

const create = (over: object = {}) =>
  recording(async () => {
    const { schedule } = await createSchedule({ ctx: ana(), input: { ...PLAIN, ...over } as never });
    return schedule.scheduleId;
  });
const setEnabled = (scheduleId: string, enabled: boolean, note?: string) =>
  recording(() => toggleSchedule({ ctx: ana(), input: { scheduleId, enabled, note } }));

const list = (over: object) => listAudit({ ctx: stack.ctx, input: ListAuditInput.parse({ from: 1, ...over }) });
const activity = (scheduleId: string, over: object = {}) =>
  scheduleActivity({ ctx: stack.ctx, input: ActivityInput.parse({ scheduleId, ...over }) });
const verbs = (rows: readonly AuditRow[]) => rows.map((row) => row.verb);

async function finish(job: BulkJob): Promise<void> {
  while (await runBulkStep(stack.deps));
  await recordAll(stack.deps, 0);
  expect(await stack.deps.bulkJobs.oldestActive(), job.jobId).toBeNull();
}
const bulk = async (input: object) => {
  const job = (await startBulk({ ctx: ana(), input: { dryRun: false, ...input } as never })) as BulkJob;
  await finish(job);
  return job;
};

describe("the activity of a schedule", () => {
  test("says who did what, when, from where and why, and is the same before and after it is recorded", async () => {
    const scheduleId = await create({ name: "activity" });
    await setEnabled(scheduleId, false, "INC-7");
    await recording(() =>
      patchSchedule({ ctx: ana(), input: { scheduleId, patch: { cronExpression: "0 4 * * *" } } as never }),
    );
    await recordAll(stack.deps, 0);
    await toggleSchedule({ ctx: ana(), input: { scheduleId, enabled: true } });
    const unrecorded = await activity(scheduleId);
    await recordAll(stack.deps, 0);
    const recorded = await activity(scheduleId);
    expect(unrecorded.items).toEqual(recorded.items);
    expect(verbs(recorded.items)).toEqual(["schedule.resume", "schedule.edit", "schedule.pause", "schedule.create"]);
    expect(recorded.items[2]).toMatchObject({
      ...{ actor: "ana@x.org", actorId: "u1", via: "session", address: "10.0.0.7", requestId: "req-1" },
      ...{ note: "INC-7", target: scheduleId, targetName: "activity", result: "succeeded", after: { version: 2 } },
    });
    expect(recorded.items[1]).toMatchObject({
      before: { cronExpression: "0 3 * * *", version: 2 },
      after: { cronExpression: "0 4 * * *", version: 3 },
    });
  });

  test("stays readable after the schedule is deleted", async () => {
    const scheduleId = await create();
    await recording(() => deleteSchedule({ ctx: ana(), input: { scheduleId } }));
    await expect(getSchedule({ ctx: stack.ctx, input: { scheduleId } })).rejects.toMatchObject({ code: "not_found" });
    expect(verbs((await activity(scheduleId)).items)).toEqual(["schedule.delete", "schedule.create"]);
  });

  test("of a schedule that was created in a batch has the entry of the batch", async () => {
    const { items } = await recording(() =>
      createSchedules({ ctx: ana(), input: { items: [PLAIN, PLAIN, { ...PLAIN, cronExpression: "never" }] } }),
    );
    await recordAll(stack.deps, 0);
    const ids = items.flatMap((item) => ("scheduleId" in item ? item.scheduleId : []));
    expect(ids).toHaveLength(2);
    const [first, second] = await Promise.all(ids.map((id) => activity(id)));
    expect(first?.items).toHaveLength(1);
    expect(first?.items).toEqual(second?.items);
    expect(first?.items[0]).toMatchObject({ verb: "schedule.create", targetCount: 2, after: { created: 2 } });
  });

  test("has an entry of the creation even if the audit trail has none", async () => {
    const put = stack.deps.hot.put;
    stack.deps.hot.put = (input) => put({ ...input, documents: [] });
    const scheduleId = await create();
    stack.deps.hot.put = put;
    const { items } = await activity(scheduleId);
    const entryId = `created:${scheduleId}`;
    expect(items).toMatchObject([{ entryId, verb: "schedule.create", actor: "ana@x.org", via: "session" }]);
  });

  test("has every change by a bulk job and by its undo, with the id of the job", async () => {
    const [one, two] = [await create({ tags: ["a"] }), await create({ tags: ["a"] })];
    const paused = await bulk({ action: "pause", ids: [one, two], note: "maintenance" });
    const undo = await undoBulk({ ctx: ana(), input: { jobId: paused.jobId } });
    await finish(undo);
    const retagged = await bulk({ action: "retag", ids: [one], addTags: ["b"] });
    const ran = await bulk({ action: "execute", ids: [one, two] });
    const deleted = await bulk({ action: "delete", ids: [one] });
    const { items } = await activity(one);
    expect(items.map((row) => [row.verb, row.job, row.note])).toEqual([
      ["schedule.delete", deleted.jobId, null],
      ["schedule.execute", ran.jobId, null],
      ["schedule.edit", retagged.jobId, null],
      ["schedule.resume", undo.jobId, null],
      ["schedule.pause", paused.jobId, "maintenance"],
      ["schedule.create", null, null],
    ]);
    expect(items[2]).toMatchObject({ before: { tags: ["a"], version: 3 }, after: { tags: ["a", "b"], version: 4 } });
    expect(items[4]).toMatchObject({ actor: "ana@x.org", via: "session", address: "10.0.0.7", requestId: "req-1" });
    expect(verbs((await activity(two)).items)).toEqual([
      ...["schedule.execute", "schedule.resume", "schedule.pause", "schedule.create"],
    ]);
  });

  test("has no entry of a job that did not change the schedule", async () => {
    const scheduleId = await create();
    await setEnabled(scheduleId, false);
    await bulk({ action: "pause", ids: [scheduleId] });
    expect(verbs((await activity(scheduleId)).items)).toEqual(["schedule.pause", "schedule.create"]);
  });
});

describe("the audit list", () => {
  test("pages by cursor through a range, without gaps or repeats", async () => {
    const scheduleId = await create();
    for (let n = 0; n < 3; n += 1) {
      await setEnabled(scheduleId, false);
      await setEnabled(scheduleId, true);
    }
    await recordAll(stack.deps, 0);
    const unpaged = await list({ target: scheduleId });
    expect(unpaged).toMatchObject({ total: 7, totalIsExact: true, nextCursor: null });
    const paged: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await list({ target: scheduleId, limit: 2, cursor });
      paged.push(...page.items.map((row) => row.entryId));
      expect(page.total).toBe(7);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(unpaged.items.map((row) => row.entryId));
  });

  test("has the same total on each page while an entry is not recorded", async () => {
    const scheduleId = await create({ cronExpression: "* * * * *" });
    await setEnabled(scheduleId, false);
    await setEnabled(scheduleId, true);
    await recordAll(stack.deps, 0);
    await toggleSchedule({ ctx: ana(), input: { scheduleId, enabled: false } });
    const first = await list({ target: scheduleId, limit: 2 });
    const second = await list({ target: scheduleId, limit: 2, cursor: first.nextCursor });
    const all = ["schedule.pause", "schedule.resume", "schedule.pause", "schedule.create"];
    expect(verbs([...first.items, ...second.items])).toEqual(all);
    expect([first.total, second.total]).toEqual([4, 4]);
  });

  test("filters entries, and leaves out the entries of a bulk job's schedules if bulkItems is false", async () => {
    const [one, two] = [await create(), await create()];
    const from = Date.now();
    const job = await bulk({ action: "pause", ids: [one, two] });
    const short = await list({ from, bulkItems: false });
    expect(short.items.map((row) => [row.verb, row.target])).toEqual([["bulk.pause", job.jobId]]);
    expect((await list({ from })).items).toHaveLength(3);
    expect((await list({ from, target: job.jobId })).items).toHaveLength(3);
    expect((await list({ from, actor: "ANA", verb: "schedule.pause" })).items).toHaveLength(2);
    expect((await list({ from, actor: "nobody" })).items).toEqual([]);
    expect((await list({ from, result: "refused" })).items).toEqual([]);
    expect(ListAuditInput.safeParse({ actor: "ana" }).success, "without a range").toBe(false);
  });

  test("is exported completely, page by page, with times of the requested zone", async () => {
    const scheduleId = await create({ name: "exported" });
    for (let n = 0; n < 60; n += 1) await toggleSchedule({ ctx: ana(), input: { scheduleId, enabled: n % 2 === 1 } });
    await recordAll(stack.deps, 0);
    const read = async (format: string) => {
      const input = ExportAuditInput.parse({ from: 1, target: scheduleId, format, zone: "Asia/Kolkata" });
      let text = "";
      for await (const part of exportAudit({ ctx: stack.ctx, input })) text += part;
      return text.split("\n").filter((line) => line.trim() !== "");
    };
    const lines = (await read("ndjson")).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(61);
    expect(lines.at(-1)).toMatchObject({ verb: "schedule.create", target_name: "exported", zone: "Asia/Kolkata" });
    expect(lines[0].at_local).toMatch(/\+05:30$/);
    const csv = await read("csv");
    expect(csv).toHaveLength(62);
    expect(csv[0]).toMatch(/^at_utc,at_local,zone,actor,/);
    expect(ExportAuditInput.safeParse({ from: 1, zone: "Mars/Base" }).success).toBe(false);
  });
});

test("the last pause of each schedule is listed, even if it has ended", async () => {
  const [ended, lasting, never] = [await create(), await create(), await create()];
  await setEnabled(ended, false, "deploy");
  await setEnabled(ended, true);
  await setEnabled(lasting, false);
  const input = { scheduleIds: [ended, lasting, never], from: Date.now() - 3_600_000 };
  const found = new Map((await listLastPauses({ ctx: stack.ctx, input })).map((one) => [one.scheduleId, one]));
  expect([...found.keys()].toSorted()).toEqual([ended, lasting].toSorted());
  expect(found.get(ended)).toMatchObject({ pausedBy: "ana@x.org", note: "deploy", resumedBy: "ana@x.org" });
  expect(found.get(lasting)).toMatchObject({ note: null, resumedAt: null });
});
