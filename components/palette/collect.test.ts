import { expect, test } from "vitest";
import { collect, failureText } from "./collect";

test("collect returns the answers and names the parts that failed", async () => {
  const answer = await collect(
    { topics: Promise.reject(new Error("away")), schedules: Promise.resolve([1]), ids: Promise.resolve(null) },
    { topics: "topics", schedules: "schedules", ids: "executions" },
  );
  expect(answer).toEqual({ found: { topics: null, schedules: [1], ids: null }, failed: ["topics"] });
});

test.each([
  [["topics"], "Topics could not be searched."],
  [["schedules", "topics"], "Schedules and topics could not be searched."],
  [["schedules", "topics", "executions"], "Schedules, topics and executions could not be searched."],
])("failureText of %j is %s", (failed, text) => {
  expect(failureText(failed)).toBe(text);
});
