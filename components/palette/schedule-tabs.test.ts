import { expect, test } from "vitest";
import { readTab, tabHref, tabsLike } from "./schedule-tabs";

test.each([
  ["invoice versions", { name: "invoice", tab: "versions" }],
  ["Nightly report  Payl", { name: "Nightly report", tab: "payload" }],
  ["invoice pay", null],
  ["versions", null],
  ["invoice versionsx", null],
  ["", null],
])("readTab of %j is %j", (words, expected) => {
  expect(readTab(words)).toEqual(expected);
});

test.each([
  ["a", ["analytics", "activity"]],
  ["Versions", ["versions"]],
  ["ersion", []],
  [" ", []],
])("tabsLike of %j is %j", (words, expected) => {
  expect(tabsLike(words)).toEqual(expected);
});

test("tabHref omits the default tab, as the page does", () => {
  expect(tabHref("s1", "overview")).toBe("/schedules/s1");
  expect(tabHref("s1", "activity")).toBe("/schedules/s1?tab=activity");
});
