import { afterAll, beforeAll, expect, test } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import type { Ctx } from "../ctx";
import { scheduleFacets } from "./facets";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

test("facets are cached while fresh, refreshed in the background when stale, and awaited when old", async () => {
  let nowMs = Date.now();
  const ctx: Ctx = { ...stack.ctx, deps: { ...stack.deps, clock: { now: () => nowMs } } };
  const add = (topic: string) =>
    stack.deps.store.insertBatch({ token: topic, schedules: [aSchedule({ topic })], executions: [] });
  const ask = async () => {
    const { topics, asOf } = await scheduleFacets({ ctx });
    return { topics: topics.map((one) => one.value).sort(), ageMs: nowMs - Date.parse(asOf) };
  };
  await add("a");
  const [one, other] = await Promise.all([ask(), ask()]);
  expect(one).toEqual({ topics: ["a"], ageMs: 0 });
  expect(other).toEqual(one);
  await add("b");
  // Fresh for 30 s.
  nowMs += 29_000;
  expect(await ask()).toEqual({ topics: ["a"], ageMs: 29_000 });
  // Stale until 10 min.
  nowMs += 300_000;
  expect(await ask()).toEqual({ topics: ["a"], ageMs: 329_000 });
  await eventually(async () => ((await ask()).topics.length === 2 ? true : null), { what: "the refresh" });
  expect((await ask()).ageMs).toBe(0);
  await add("c");
  nowMs += 601_000;
  expect(await ask()).toEqual({ topics: ["a", "b", "c"], ageMs: 0 });
});
