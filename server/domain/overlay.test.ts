import { expect, test } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import { overlay } from "./overlay";
import type { Schedule } from "./schedule";

const overlayOf = (over: Partial<Parameters<typeof overlay>[0]>) =>
  overlay({
    // Enabled schedules, newest first.
    page: [],
    changes: [],
    added: new Set((over.changes ?? []).filter((row) => row.state.revision === 1).map((row) => row.scheduleId)),
    matches: (s) => s.enabled,
    compare: (a, b) => b.createdAt - a.createdAt,
    isAfter: () => true,
    hasMore: false,
    limit: 3,
    ...over,
  });
const scheduleAt = (n: number, over: Parameters<typeof aSchedule>[0] = {}) =>
  aSchedule({ createdAt: n, name: `s${n}`, ...over });
const changed = (s: Schedule, over: Partial<Schedule>): Schedule => ({
  ...s,
  ...over,
  state: { ...s.state, revision: s.state.revision + 1, ...over.state },
});
const names = (result: ReturnType<typeof overlay>) => result.items.map((s) => s.name);

test("a newer row replaces its older copy in place", () => {
  const a = scheduleAt(2);
  const result = overlayOf({ page: [a, scheduleAt(1)], changes: [changed(a, { name: "renamed" })] });
  expect(names(result)).toEqual(["renamed", "s1"]);
});

test("a change that is older than ClickHouse's row is ignored", () => {
  const a = changed(scheduleAt(2), { name: "newest" });
  expect(names(overlayOf({ page: [a], changes: [{ ...a, name: "old", state: { ...a.state, revision: 1 } }] }))).toEqual(
    ["newest"],
  );
});

test("a row of the same revision is replaced by the first change, because a claim has advanced its plan", () => {
  const a = scheduleAt(2);
  const claimed = { ...a, state: { ...a.state, nextExecution: 3_600_000 } };
  const { items } = overlayOf({ page: [a], changes: [claimed, a] });
  expect(items.map(({ state }) => state.nextExecution)).toEqual([3_600_000]);
});

test("a row keeps its next time while the last occurrence of its plan is in flight in Redis", () => {
  const row = scheduleAt(2, { state: { ...scheduleAt(2).state, nextExecution: 3_600_000 } });
  const inFlight = { ...row, state: { ...row.state, nextExecution: null } };
  expect(overlayOf({ page: [row], changes: [inFlight] }).items).toEqual([row]);
});

test("a row that no longer matches leaves the page", () => {
  const a = scheduleAt(2);
  const result = overlayOf({ page: [a, scheduleAt(1)], changes: [changed(a, { enabled: false })] });
  expect(names(result)).toEqual(["s1"]);
  expect(result.removed).toBe(1);
});

test("a deleted row leaves the page", () => {
  const a = scheduleAt(2);
  const gone = changed(a, { state: { ...a.state, revision: 2, deleted: true } });
  expect(names(overlayOf({ page: [a], changes: [gone] }))).toEqual([]);
});

test.each([
  { title: "in order between the rows", change: 3, names: ["s5", "s3", "s1"] },
  { title: "after the last row if the store has no more", change: 0, names: ["s5", "s1", "s0"] },
  { title: "only before the last row if the store has more", change: 0, hasMore: true, names: ["s5", "s1"] },
  { title: "only if the schedule does not belong to an earlier page", change: 7, names: ["s5", "s1"] },
])("a new schedule is added to the page $title", ({ change, names: expected, hasMore = false }) => {
  const result = overlayOf({
    page: [scheduleAt(5), scheduleAt(1)],
    changes: [scheduleAt(change)],
    hasMore,
    isAfter: (row) => row.createdAt < 6,
  });
  expect(names(result)).toEqual(expected);
  expect(result.added, "counted in the list, whichever page has it").toBe(1);
});

test("a new schedule that was changed before it was recorded is added to the page", () => {
  const created = scheduleAt(3);
  const edited = changed(created, { name: "edited" });
  const result = overlayOf({ page: [scheduleAt(5)], changes: [edited], added: new Set([created.scheduleId]) });
  expect(names(result)).toEqual(["s5", "edited"]);
  expect(result.added).toBe(1);
});

test("an old schedule that fired again is not added to the first page, because it is on another page", () => {
  expect(names(overlayOf({ page: [scheduleAt(5)], changes: [changed(scheduleAt(3), {})] }))).toEqual(["s5"]);
});

test("rows beyond the limit follow on the next page", () => {
  const result = overlayOf({
    page: [scheduleAt(5), scheduleAt(4), scheduleAt(1)],
    changes: [scheduleAt(9), scheduleAt(8)],
  });
  expect(names(result)).toEqual(["s9", "s8", "s5"]);
  expect(result.end?.name).toBe("s5");
});

test("the end of the page is its last row, even if that row left the page", () => {
  const b = scheduleAt(1);
  const result = overlayOf({ page: [scheduleAt(5), b], changes: [changed(b, { enabled: false })], hasMore: true });
  expect(names(result)).toEqual(["s5"]);
  expect(result.end).toBe(b);
});

test("the last page has no end", () => {
  expect(overlayOf({ page: [scheduleAt(5)], changes: [scheduleAt(3)] }).end).toBeNull();
});
