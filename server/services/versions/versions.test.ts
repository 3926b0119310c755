import { afterAll, beforeAll, expect, test } from "vitest";
import { startBulk } from "~/server/services/bulk";
import { runBulkStep } from "~/server/services/bulk/run-step";
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { getVersion, listVersions, restoreSchedule } from ".";

let stack: TestStack;
let recorder: ReturnType<typeof keepRecording>;
beforeAll(async () => {
  stack = await startTestStack();
  recorder = keepRecording(stack.deps);
}, 120_000);
afterAll(async () => {
  await recorder?.stop();
  await stack?.stop();
});

const FIRST = { topic: "v", entityType: "user", action: "remind", payload: { n: 1 }, cronExpression: "0 3 * * *" };

const create = async (over: object = {}) => {
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: { ...FIRST, ...over } as never });
  return schedule.scheduleId;
};
const patch = (scheduleId: string, change: object) =>
  patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: change } as never });
const toggle = (scheduleId: string, enabled: boolean) =>
  toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled } });
const versions = (scheduleId: string) => listVersions({ ctx: stack.ctx, input: { scheduleId } });
const version = (scheduleId: string, n: number) => getVersion({ ctx: stack.ctx, input: { scheduleId, version: n } });
const restore = (scheduleId: string, n: number, expectedVersion?: number) =>
  restoreSchedule({ ctx: stack.ctx, input: { scheduleId, version: n, expectedVersion } });

test("every definition is shown with the previous one, after edits, pauses and a bulk retag", async () => {
  const scheduleId = await create({ tags: ["a"] });
  await patch(scheduleId, { cronExpression: "0 4 * * *", payload: { n: 2 } });
  await toggle(scheduleId, false);
  await toggle(scheduleId, true);
  const input = { action: "retag" as const, ids: [scheduleId], addTags: ["b"], dryRun: false };
  await startBulk({ ctx: stack.ctx, input });
  while (await runBulkStep(stack.deps));
  const list = await versions(scheduleId);
  expect(list).toMatchObject({ currentVersion: 5, isComplete: true });
  expect(list.items.map((one) => [one.firstVersion, one.version, one.isCurrent, one.changed.toSorted()])).toEqual([
    [5, 5, true, ["tags"]],
    [2, 4, false, ["cronExpression", "payload"]],
    [1, 1, false, []],
  ]);
  const second = await version(scheduleId, 3);
  expect(second.schedule).toMatchObject({ tags: ["a"], cronExpression: "0 4 * * *", payload: '{"n":2}' });
  expect(second.before).toMatchObject({ tags: ["a"], cronExpression: "0 3 * * *", payload: '{"n":1}' });
  expect((await version(scheduleId, 1)).before).toBeNull();
  await expect(version(scheduleId, 6)).rejects.toMatchObject({ code: "not_found" });
});

test("a restore makes a new version with an audit entry, and the schedule stays paused", async () => {
  const scheduleId = await create({ name: "restored" });
  await patch(scheduleId, { name: "renamed", cronExpression: "0 5 * * *", catchUp: { policy: "all" }, priority: 7 });
  await toggle(scheduleId, false);
  const restored = await restore(scheduleId, 1, 3);
  expect(restored).toMatchObject({ version: 4, name: "restored", cronExpression: "0 3 * * *", status: "paused" });
  expect(restored).toMatchObject({ priority: 0, catchUp: { policy: "last" }, payload: '{"n":1}' });
  expect((await versions(scheduleId)).items[0]).toMatchObject({ version: 4, note: "Restored version 1" });
  // A restore can itself be undone.
  expect(await restore(scheduleId, 2)).toMatchObject({ version: 5, name: "renamed", priority: 7 });
});

test("a restore is refused, and changes nothing, if `expectedVersion` is not the current version", async () => {
  const scheduleId = await create();
  await patch(scheduleId, { description: "second" });
  await patch(scheduleId, { description: "third" });
  await expect(restore(scheduleId, 1, 2)).rejects.toMatchObject({
    code: "version_stale",
    details: { currentVersion: 3 },
  });
  expect(await getSchedule({ ctx: stack.ctx, input: { scheduleId } })).toMatchObject({
    version: 3,
    description: "third",
  });
});

test("a restore is refused if another schedule has the name of the version", async () => {
  const scheduleId = await create({ name: "first name" });
  await patch(scheduleId, { name: "second name" });
  await create({ name: "first name" });
  await expect(restore(scheduleId, 1)).rejects.toMatchObject({ code: "name_taken" });
});

test("the versions of a deleted schedule are listed, but cannot be restored", async () => {
  const scheduleId = await create();
  await patch(scheduleId, { description: "second" });
  await deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
  await recordAll(stack.deps, 0);
  expect((await versions(scheduleId)).items.map((one) => one.firstVersion)).toEqual([2, 1]);
  await expect(restore(scheduleId, 1)).rejects.toMatchObject({ code: "not_found" });
});
