import { expect, test } from "vitest";
import { jobTabTitle } from "./job-tab-title";

test("the tab title of a job has its state and its action", () => {
  expect(jobTabTitle({ status: "running", action: "pause" })).toBe("Running · Pause schedules");
  expect(jobTabTitle(undefined)).toBe("Bulk job");
});
