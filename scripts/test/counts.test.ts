import { describe, expect, it } from "vitest";
import { closingLine, finalCounts, noCounts, playwrightCounts, sum, vitestCounts } from "./counts.mjs";

describe("the closing line of npm test", () => {
  it("counts vitest's tests, and counts todo and pending tests as skipped", () => {
    const report = {
      testResults: [
        {
          status: "failed",
          assertionResults: [
            { status: "passed", fullName: "a" },
            { status: "failed", fullName: "b" },
            { status: "pending", fullName: "c" },
            { status: "todo", fullName: "d" },
          ],
        },
      ],
    };
    expect(vitestCounts(report)).toEqual({ passed: 1, failed: 1, skipped: ["c", "d"] });
  });

  it("counts a file that does not load as a failure", () => {
    expect(vitestCounts({ testResults: [{ status: "failed", assertionResults: [] }] }).failed).toBe(1);
  });

  it("counts a file whose hook failed as one failure if no test failed", () => {
    const assertionResults = [{ status: "skipped", fullName: "a" }];
    expect(vitestCounts({ testResults: [{ status: "failed", assertionResults }] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: ["a"],
    });
  });

  it("counts tests in nested Playwright suites, and a flaky test and an error outside tests as failures", () => {
    const spec = (title: string, status: string, annotations: object[] = []) => ({
      title,
      tests: [{ status, annotations }],
    });
    const report = {
      suites: [
        {
          title: "x.spec.ts",
          specs: [spec("one", "expected")],
          suites: [
            {
              title: "deep",
              specs: [
                spec("two", "unexpected"),
                spec("three", "flaky"),
                spec("four", "skipped", [{ type: "skip", description: "no clock" }]),
              ],
            },
          ],
        },
      ],
      errors: [{ message: "boom" }],
    };
    expect(playwrightCounts(report)).toEqual({ passed: 1, failed: 3, skipped: ["x.spec.ts deep four: no clock"] });
  });

  it.each([
    ["a runner without a report", { counts: null, exitCode: 0 }, 1],
    ["a runner that exited with an error but no failure", { counts: noCounts(), exitCode: 1 }, 1],
    ["a runner that was killed", { counts: noCounts(), exitCode: "SIGKILL" }, 1],
    ["a runner that reported failures", { counts: { ...noCounts(), failed: 2 }, exitCode: 1 }, 2],
    ["a good run", { counts: { ...noCounts(), passed: 2 }, exitCode: 0 }, 0],
  ])("counts the failures of %s", (_, outcome, failed) => {
    expect(finalCounts(outcome).failed).toBe(failed);
  });

  it("has the sum over all runners", () => {
    const total = sum([
      { passed: 2, failed: 0, skipped: ["a"] },
      { passed: 1, failed: 1, skipped: ["b", "c"] },
    ]);
    expect(closingLine(total)).toBe("3 passed, 1 failed, 3 skipped");
  });
});
