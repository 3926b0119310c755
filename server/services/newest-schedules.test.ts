import { afterAll, beforeAll, expect, test } from "vitest";
import { createSchedule, toggleSchedule } from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import type { Deps } from "./ctx";
import { findSchedule, findSchedules } from "./newest-schedules";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const record = () => recordAll(stack.deps, 0);

async function createWithUnrecordedPause(): Promise<string> {
  const input = { topic: "t", entityType: "user", action: "a", payload: {}, cronExpression: "0 * * * *" };
  const { schedule } = await createSchedule({ ctx: stack.ctx, input: input as never });
  const { scheduleId } = schedule;
  await record();
  await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
  return scheduleId;
}

/** `deps` with an action after the first read from ClickHouse. */
function afterFirstRead(deps: Deps, action: () => Promise<void>): Deps {
  let done = false;
  const once = async <T>(rows: T): Promise<T> => {
    if (!done) {
      done = true;
      await action();
    }
    return rows;
  };
  const { store } = deps;
  return {
    ...deps,
    store: { ...store, getSchedules: async (ids) => once(await store.getSchedules(ids)) },
  };
}

test("a change that is recorded between the reads of ClickHouse and of the outbox is found", async () => {
  for (const look of [findSchedule, async (deps: Deps, id: string) => (await findSchedules(deps, [id])).get(id)]) {
    const scheduleId = await createWithUnrecordedPause();
    const row = await look(afterFirstRead(stack.deps, record), scheduleId);
    expect(row).toMatchObject({ enabled: false, version: 2 });
  }
});

test("an error is reported, instead of an older row, if the newest row cannot be read", async () => {
  const scheduleId = await createWithUnrecordedPause();
  const deps = { ...stack.deps, hot: { ...stack.deps.hot } };
  deps.hot.unflushed = async () => ({ schedules: [], created: new Set(), executions: [], audit: [], complete: false });
  await expect(findSchedule(deps, scheduleId)).rejects.toMatchObject({ code: "clickhouse_unavailable" });
});

test("the outbox is read once for many rows that ClickHouse does not have yet", async () => {
  const ids = [await createWithUnrecordedPause(), await createWithUnrecordedPause(), await createWithUnrecordedPause()];
  for (const scheduleId of ids)
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false, note: "again" } });
  let outboxReads = 0;
  const unflushed: Deps["hot"]["unflushed"] = (input) => {
    outboxReads += 1;
    return stack.deps.hot.unflushed(input);
  };
  const rows = await findSchedules({ ...stack.deps, hot: { ...stack.deps.hot, unflushed } }, ids);
  expect(ids.map((id) => rows.get(id)?.pauseNote)).toEqual(["again", "again", "again"]);
  expect(outboxReads).toBe(1);
});
