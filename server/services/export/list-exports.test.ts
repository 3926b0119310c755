import { afterAll, beforeAll, expect, test } from "vitest";
import { ExportBulkInput, exportBulk, listBulk, startBulk } from "~/server/services/bulk";
import {
  ExportFailuresInput,
  ExportInFlightInput,
  exportFailures,
  exportInFlight,
  FailureGroupsInput,
  failureGroups,
  ListInFlightInput,
  listInFlight,
} from "~/server/services/executions";
import { createSchedules, executeSchedule, toggleSchedule } from "~/server/services/schedules";
import { ExportUpcomingInput, exportUpcoming, UpcomingFiringsInput, upcomingFirings } from "~/server/services/upcoming";
import { anExecution } from "~/server/testing/executions";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { exportRows, pagesOf } from "./export-rows";

let stack: TestStack;
let ids: string[];
beforeAll(async () => {
  stack = await startTestStack();
  const items = Array.from({ length: 30 }, (_, n) => ({
    ...{ topic: n % 2 === 0 ? "even" : "odd", entityType: "user", action: "remind", payload: {}, tags: ["all"] },
    ...{ name: `export ${n}`, cronExpression: "*/10 * * * *", timezone: "Europe/Berlin" },
  }));
  const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
  ids = answer.items.flatMap((item) => ("scheduleId" in item ? [item.scheduleId] : []));
  expect(ids).toHaveLength(30);
  await toggleSchedule({ ctx: stack.ctx, input: { scheduleId: ids[0] as string, enabled: false, note: "waits" } });
  await recordAll(stack.deps, 0);
}, 120_000);
afterAll(async () => stack?.stop());

async function textOf(parts: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

async function rowsOf(parts: AsyncGenerator<string>): Promise<Record<string, unknown>[]> {
  const lines = (await textOf(parts)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

test("an export of the next runs has each run of the list, in the list's order, with UTC and local times", async () => {
  const range = { from: new Date(Date.now() + 3_600_000).toISOString(), to: new Date(Date.now() + 5 * 3_600_000) };
  const filter = { from: range.from, to: range.to.toISOString(), topic: ["even"] };
  const listed: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const input = UpcomingFiringsInput.parse({ ...filter, limit: 70, cursor });
    const page = await upcomingFirings({ ctx: stack.ctx, input });
    listed.push(...page.items.map(({ at, scheduleId }) => `${at} ${scheduleId}`));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const input = ExportUpcomingInput.parse({ ...filter, zone: "Asia/Kolkata" });
  const rows = await rowsOf(exportUpcoming({ ctx: stack.ctx, input }));
  // 15 schedules, six times an hour, for about four hours: more than one page of the export.
  expect(rows.length).toBeGreaterThan(300);
  expect(rows.map((row) => `${row.at_utc} ${row.schedule_id}`)).toEqual(listed);
  expect(rows[0]).toMatchObject({ zone: "Asia/Kolkata", topic: "even", timezone: "Europe/Berlin" });
  expect(rows[0]?.at_local).toMatch(/\+05:30$/);
  const states = new Set(rows.filter((row) => row.schedule_id === ids[0]).map((row) => row.state));
  expect(states).toEqual(new Set(["paused"]));
});

test("an export of executions in flight has the rows of the list, with and without a filter", async () => {
  for (const scheduleId of ids.slice(1, 8)) await executeSchedule({ ctx: stack.ctx, input: { scheduleId } });
  const list = (filter: object) => listInFlight({ ctx: stack.ctx, input: ListInFlightInput.parse(filter) });
  const exported = (filter: object) =>
    rowsOf(exportInFlight({ ctx: stack.ctx, input: ExportInFlightInput.parse({ ...filter, zone: "Asia/Kolkata" }) }));
  const rows = await exported({});
  expect(rows).toHaveLength(7);
  expect(rows.map((row) => row.execution_id)).toEqual((await list({})).items.map((item) => item.executionId));
  expect(rows[0]).toMatchObject({ status: "pending", trigger: "manual", zone: "Asia/Kolkata" });
  expect(Date.parse(String(rows[0]?.due_at_local))).toBe(Date.parse(String(rows[0]?.due_at_utc)));
  expect(await exported({ topic: "odd" })).toHaveLength((await list({ topic: "odd" })).items.length);
  expect(await exported({ status: ["running"] })).toEqual([]);
  expect(ExportInFlightInput.safeParse({ limit: 5 }).success).toBe(false);
});

test("an export of failures has the groups of the list, with the names of their schedules", async () => {
  const at = Date.now() - 3_600_000;
  const deadExecution = (n: number, error: string, errorClass: "publish" | "bad_payload") =>
    anExecution({
      ...{ scheduleName: `export ${n}`, topic: "even", scheduledFor: at + n, firedAt: null, endedAt: at + n + 5 },
      ...{ outcome: "dead" as const, error, errorClass },
    });
  const executions = [
    ...Array.from({ length: 3 }, (_, n) => deadExecution(n, `no leader for partition ${n}`, "publish")),
    deadExecution(9, "the topic does not exist", "bad_payload"),
  ];
  await stack.deps.store.insertBatch({ token: "errors", schedules: [], executions });
  const filter = { from: new Date(at - 1000).toISOString() };
  const { items } = await failureGroups({ ctx: stack.ctx, input: FailureGroupsInput.parse(filter) });
  const input = ExportFailuresInput.parse({ ...filter, zone: "Asia/Kolkata" });
  const rows = await rowsOf(exportFailures({ ctx: stack.ctx, input }));
  expect(rows.map((row) => [row.error_class, row.shape, row.count])).toEqual(
    items.map((item) => [item.errorClass, item.shape, item.count]),
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ count: 3, open: 3, is_new: true, zone: "Asia/Kolkata" });
  expect(rows[0]?.top_schedule_names).toEqual(expect.arrayContaining(["export 0"]));
  const csv = await textOf(exportFailures({ ctx: stack.ctx, input: { ...input, format: "csv" } }));
  expect(csv.split("\r\n")[0]).toMatch(/^error_class,shape,error,count,open,.*first_at_utc,first_at_local,zone,/);
});

test("an export of bulk jobs has the jobs of the list, newest first", async () => {
  const start = (tag: string) =>
    startBulk({ ctx: stack.ctx, input: { action: "retag", addTags: [tag], ids: ids.slice(0, 2), dryRun: false } });
  await start("a");
  await start("b");
  const input = ExportBulkInput.parse({ zone: "Asia/Kolkata" });
  const rows = await rowsOf(exportBulk({ ctx: stack.ctx, input }));
  const jobs = await listBulk({ ctx: stack.ctx });
  expect(rows.map((row) => row.job_id)).toEqual(jobs.map((job) => job.jobId));
  expect(rows[0]).toMatchObject({ action: "retag", status: "queued", total: 2, add_tags: ["b"], ended_at_utc: null });
  expect(Date.parse(String(rows[0]?.created_at_utc))).toBe(jobs[0]?.createdAt);
  expect(rows[0]?.created_at_local).toMatch(/\+05:30$/);
});

test("an export of an incomplete list ends with a line that says so", async () => {
  const exported = async (total: number, isComplete: boolean) => {
    const items = Array.from({ length: total }, (_, n) => ({ id: `${n}` }));
    const parts = exportRows<{ id: string }>({
      ...{ table: { fields: ["id"], times: new Set() }, format: "ndjson", zone: "UTC", rowId: ({ id }) => id },
      read: pagesOf({ items, isComplete }),
    });
    return rowsOf(parts);
  };
  expect(await exported(250, true)).toHaveLength(250);
  const rows = await exported(250, false);
  expect(rows).toHaveLength(251);
  expect(rows.at(-1)).toEqual({ truncated: true, rows: 250 });
  expect(await exported(0, true)).toEqual([]);
});
