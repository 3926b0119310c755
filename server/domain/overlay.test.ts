import { expect, test } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import { overlay } from "./overlay";
import type { Schedule } from "./schedule";

const lay = (over: Partial<Parameters<typeof overlay>[0]>) =>
  overlay({
    page: [],
    changes: [],
    matches: (s) => s.enabled,
    compare: (a, b) => b.createdAt - a.createdAt,
    firstPage: true,
    limit: 3,
    ...over,
  });
const at = (n: number, over: Parameters<typeof aSchedule>[0] = {}) =>
  aSchedule({ createdAt: n, name: `s${n}`, ...over });
const changed = (s: Schedule, over: Partial<Schedule>): Schedule => ({
  ...s,
  ...over,
  state: { ...s.state, revision: s.state.revision + 1, ...over.state },
});
const names = (result: ReturnType<typeof overlay>) => result.items.map((s) => s.name);

test("a newer row replaces its older copy in place", () => {
  const a = at(2);
  const result = lay({ page: [a, at(1)], changes: [changed(a, { name: "renamed" })] });
  expect(names(result)).toEqual(["renamed", "s1"]);
});

test("an older change does not undo what ClickHouse has already", () => {
  const a = changed(at(2), { name: "newest" });
  expect(names(lay({ page: [a], changes: [{ ...a, name: "old", state: { ...a.state, revision: 1 } }] }))).toEqual([
    "newest",
  ]);
});

test("a row that no longer matches leaves the page", () => {
  const a = at(2);
  expect(lay({ page: [a, at(1)], changes: [changed(a, { enabled: false })] })).toMatchObject({ removed: 1 });
});

test("a deleted row leaves the page", () => {
  const a = at(2);
  const gone = changed(a, { state: { ...a.state, revision: 2, deleted: true } });
  expect(names(lay({ page: [a], changes: [gone] }))).toEqual([]);
});

test("what was born since joins the first page where the sort puts it, and only there", () => {
  const page = [at(5), at(1)];
  expect(names(lay({ page, changes: [at(3)] }))).toEqual(["s5", "s3", "s1"]);
  expect(names(lay({ page, changes: [at(3)], firstPage: false }))).toEqual(["s5", "s1"]);
});

test("an old schedule that fired again does not jump onto the first page: it lies on another one", () => {
  expect(names(lay({ page: [at(5)], changes: [changed(at(3), {})] }))).toEqual(["s5"]);
});

test("the page never grows over its limit", () => {
  expect(names(lay({ page: [at(5), at(4), at(1)], changes: [at(9), at(8)] }))).toEqual(["s9", "s8", "s5"]);
});
