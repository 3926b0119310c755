import { expect, test } from "vitest";
import { exportHref } from "./export-href";

test("the URL uses wire names, repeats the parameter for each value of a list, and omits unset filters", () => {
  const filter = { q: "a&b", cronExpression: "0 9 * * *", topic: ["t1", "t2"], failing: true, tier: undefined };
  const href = exportHref("/admin/schedules/export", { filter, zone: "Asia/Kolkata", format: "csv" });
  const url = new URL(href, "http://host");
  expect(url.pathname).toBe("/admin/schedules/export");
  expect([...url.searchParams]).toEqual([
    ["zone", "Asia/Kolkata"],
    ["format", "csv"],
    ["q", "a&b"],
    ["cron_expression", "0 9 * * *"],
    ["topic", "t1"],
    ["topic", "t2"],
    ["failing", "true"],
  ]);
});
