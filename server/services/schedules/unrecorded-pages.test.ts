import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { countSchedules } from "./count";
import { createSchedules } from "./create-many";
import { ListSchedulesInput } from "./inputs";
import { listSchedules } from "./list";
import { toggleSchedule } from "./toggle";

const LIMIT = 4;

let stack: TestStack;
let topic: string;
let topicCount = 0;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

async function create(names: readonly string[]): Promise<void> {
  const items = names.map((name) => ({
    ...{ topic, entityType: "user", action: "remind", payload: {}, timezone: "UTC", name: `${name} ${topic}` },
    // Names of equal length have the same next execution, so that a sort by it has ties.
    cronExpression: `${name.length} * * * *`,
  }));
  const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
  expect(answer.items.filter((item) => "error" in item)).toEqual([]);
}

/** Returns the names of each page. Calls `between` after each page except the last. */
async function pagesOf(
  sort: string,
  between: () => Promise<void> = async () => undefined,
  filter: object = {},
): Promise<string[][]> {
  const pages: string[][] = [];
  const totals = new Set<number>();
  for (let cursor: string | undefined; ; ) {
    const input = ListSchedulesInput.parse({ topic, sort, limit: LIMIT, cursor, ...filter });
    const page = await listSchedules({ ctx: stack.ctx, input });
    pages.push(page.items.map(({ name }) => name?.split(" ")[0] ?? ""));
    totals.add(page.total);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
    await between();
  }
  expect([...totals], "each page has the same total").toHaveLength(1);
  return pages;
}

const RECORDED = ["a", "bb", "cc", "d", "eeee", "f", "g", "hhh", "i"];
const UNRECORDED = ["aaa", "b", "ccc", "ggg", "zz", "zzz"];
const SORTS = ["name", "-name", "created_at", "-created_at", "next_execution", "-next_execution"];

describe("pages of schedules that ClickHouse does not have yet", () => {
  beforeEach(async () => {
    topicCount += 1;
    topic = `unrecorded-${topicCount}`;
  });

  test.each(SORTS)("have each schedule once, sorted by %s in the same order as after recording", async (sort) => {
    await create(RECORDED);
    await recordAll(stack.deps, 0);
    await create(UNRECORDED);
    const before = await pagesOf(sort);
    await recordAll(stack.deps, 0);
    expect(before).toEqual(await pagesOf(sort));
    expect(before.flat().toSorted()).toEqual([...RECORDED, ...UNRECORDED].toSorted());
    expect(before.map((page) => page.length)).toEqual([4, 4, 4, 3]);
  });

  test("have each schedule once if schedules are recorded while the pages are read", async () => {
    await create(RECORDED);
    await recordAll(stack.deps, 0);
    await create(UNRECORDED);
    const pages = await pagesOf("name", () => recordAll(stack.deps, 0));
    expect(pages.flat()).toEqual([...RECORDED, ...UNRECORDED].toSorted());
  });

  test("have schedules that were edited before ClickHouse got their creation", async () => {
    await create(["a", "bb"]);
    const [first] = (await listSchedules({ ctx: stack.ctx, input: ListSchedulesInput.parse({ topic }) })).items;
    const scheduleId = first?.scheduleId as string;
    await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
    expect((await pagesOf("name")).flat()).toEqual(["a", "bb"]);
    expect(await countSchedules({ ctx: stack.ctx, input: { topic: [topic] } })).toMatchObject({ total: 2 });
  });

  test("have a total that counts each schedule once and follows changes", async () => {
    const count = (enabled?: boolean) => countSchedules({ ctx: stack.ctx, input: { topic: [topic], enabled } });
    await create(RECORDED);
    expect(await count()).toEqual({ total: 9, totalIsExact: true });
    await recordAll(stack.deps, 0);
    await create(UNRECORDED);
    expect(await count()).toEqual({ total: 15, totalIsExact: true });
    const page = await listSchedules({ ctx: stack.ctx, input: ListSchedulesInput.parse({ topic, sort: "name" }) });
    await toggleSchedule({
      ctx: stack.ctx,
      input: { scheduleId: page.items[0]?.scheduleId ?? "", enabled: false },
    });
    expect((await count(true)).total).toBe(14);
  });

  test("have a schedule of which only the unrecorded row matches, on its page and in the total", async () => {
    await create(RECORDED);
    await recordAll(stack.deps, 0);
    const page = await listSchedules({ ctx: stack.ctx, input: ListSchedulesInput.parse({ topic, sort: "name" }) });
    const idOf = (name: string) => page.items.find((row) => row.name?.startsWith(`${name} `))?.scheduleId ?? "";
    const toggle = (name: string, enabled: boolean) =>
      toggleSchedule({ ctx: stack.ctx, input: { scheduleId: idOf(name), enabled } });
    const count = async (enabled: boolean) =>
      (await countSchedules({ ctx: stack.ctx, input: { topic: [topic], enabled } })).total;
    for (const name of ["bb", "f", "i"]) await toggle(name, false);
    expect((await pagesOf("name", undefined, { enabled: false })).flat()).toEqual(["bb", "f", "i"]);
    expect(await count(false)).toBe(3);
    await recordAll(stack.deps, 0);
    for (const name of ["bb", "f"]) await toggle(name, true);
    const enabled = ["a", "bb", "cc", "d", "eeee", "f", "g", "hhh"];
    expect(await pagesOf("name", undefined, { enabled: true })).toEqual([enabled.slice(0, 4), enabled.slice(4)]);
    expect(await count(true)).toBe(8);
  });

  test("continue after the first page if nothing is recorded", async () => {
    await create(UNRECORDED);
    expect((await pagesOf("name")).flat()).toEqual(UNRECORDED.toSorted());
  });
});
