import { describe, expect, it } from "vitest";
import { closingLines, failureLine, finalCounts, noCounts, playwrightCounts, sum, vitestCounts } from "./counts.mjs";

/** Playwright's report of one file, e2e/specs/x.spec.ts. */
function playwrightReport(parts: object) {
  return {
    config: { rootDir: "/repo/e2e/specs" },
    suites: [{ title: "x.spec.ts", file: "x.spec.ts", ...parts }],
    errors: [],
  };
}

const spec = (title: string, status: string, test: object = {}) => ({
  title,
  tests: [{ status, annotations: [], results: [], ...test }],
});
const results = (...messages: string[]) => ({
  results: messages.map((message) => ({ status: "failed", errors: [{ message }] })),
});

describe("vitest's counts", () => {
  const file = { file: "server/a.test.ts", isFailed: false, errors: [], tests: [] };

  it("count pending tests as skipped", () => {
    const tests = [
      { path: ["a"], status: "passed" },
      { path: ["b", "c"], status: "pending" },
      { path: ["d"], status: "skipped" },
    ];
    expect(vitestCounts({ files: [{ ...file, tests }], errors: [] })).toEqual({
      passed: 1,
      failures: [],
      skipped: ["b c", "d"],
    });
  });

  it("count a test that passed only on a retry as a failure", () => {
    const tests = [{ path: ["a"], status: "flaky", message: "Error: no" }];
    expect(vitestCounts({ files: [{ ...file, tests }], errors: [] })).toEqual({
      passed: 0,
      failures: ["server/a.test.ts › a: passed only on a retry: Error: no"],
      skipped: [],
    });
  });

  it("count one failure for a failed file without an error", () => {
    const tests = [{ path: ["a"], status: "passed" }];
    expect(vitestCounts({ files: [{ ...file, isFailed: true, tests }], errors: [] })).toEqual({
      passed: 1,
      failures: ["server/a.test.ts: no error was reported"],
      skipped: [],
    });
  });

  it("count an error outside files and tests as a failure", () => {
    const errors = [{ path: [], message: "Error: a worker exited" }];
    expect(vitestCounts({ files: [], errors }).failures).toEqual(["vitest: Error: a worker exited"]);
  });
});

describe("Playwright's counts", () => {
  it("include the tests of nested suites, and count a flaky test as a failure", () => {
    const skip = [{ type: "skip", description: "no clock" }];
    const report = playwrightReport({
      specs: [spec("one", "expected")],
      suites: [
        {
          title: "deep",
          specs: [
            spec("two", "unexpected", results("\u001b[31mError: no\u001b[39m\n  1 | code")),
            spec("three", "flaky", results("Error: slow")),
            spec("four", "skipped", { annotations: skip }),
          ],
        },
      ],
    });
    expect(playwrightCounts(report, "/repo")).toEqual({
      passed: 1,
      failures: [
        "e2e/specs/x.spec.ts › deep › two: Error: no",
        "e2e/specs/x.spec.ts › deep › three: passed only on a retry: Error: slow",
      ],
      skipped: ["e2e/specs/x.spec.ts deep four: no clock"],
    });
  });

  it.each([
    ["a thrown value", { results: [{ status: "failed", errors: [], error: { value: "'no'" } }] }, "'no'"],
    ["an interrupted test", { results: [{ status: "interrupted", errors: [] }] }, 'it ended as "interrupted"'],
    ["a test without a result", {}, "no error was reported"],
  ])("say what is known about %s", (_, test, text) => {
    const report = playwrightReport({ specs: [spec("one", "unexpected", test)] });
    expect(playwrightCounts(report, "/repo").failures).toEqual([`e2e/specs/x.spec.ts › one: ${text}`]);
  });

  it("count errors outside tests as failures", () => {
    const errors = [
      { message: "Error: no such module", location: { file: "/repo/e2e/specs/y.spec.ts" } },
      { message: "Error: the stack does not start" },
      { value: "'no'" },
    ];
    expect(playwrightCounts({ ...playwrightReport({}), errors }, "/repo").failures).toEqual([
      "e2e/specs/y.spec.ts: Error: no such module",
      "Playwright: Error: the stack does not start",
      "Playwright: 'no'",
    ]);
  });
});

describe("the line of a failure", () => {
  it.each([
    ["blank lines before the error", "\n \nError: no\nmore", "a.ts › b: Error: no"],
    ["colours and control characters", "\u001b[31mError:\u001b[39m \u0007no\r", "a.ts › b: Error: no"],
    ["no error", "", "a.ts › b: no error was reported"],
  ])("is one line for %s", (_, message, line) => {
    expect(failureLine({ file: "a.ts", path: ["b"], message })).toBe(line);
  });

  it("is shortened", () => {
    expect(failureLine({ file: "a.ts", message: "x".repeat(1000) })).toBe(`a.ts: ${"x".repeat(300)} …`);
  });
});

describe("the last lines of npm test", () => {
  it.each([
    ["a runner without a report", { counts: null, exitCode: 0 }, ["R: it ended with 0, and wrote no report"]],
    [
      "a runner that exited with an error but no failure",
      { counts: noCounts(), exitCode: 1 },
      ["R: it ended with 1, and its report has no failure"],
    ],
    [
      "a runner that was killed",
      { counts: noCounts(), exitCode: "SIGKILL" },
      ["R: it ended with SIGKILL, and its report has no failure"],
    ],
    [
      "a runner that reported failures",
      { counts: { ...noCounts(), failures: ["a: no", "b: no"] }, exitCode: 1 },
      ["a: no", "b: no"],
    ],
    ["a good run", { counts: { ...noCounts(), passed: 2 }, exitCode: 0 }, []],
  ])("contain the failures of %s", (_, outcome, failures) => {
    expect(finalCounts({ runner: "R", ...outcome }).failures).toEqual(failures);
  });

  it("name the failures of all runners right before their numbers", () => {
    const total = sum([
      { passed: 2, failures: ["b: no"], skipped: ["a"] },
      { passed: 1, failures: ["c: no", "d: no"], skipped: ["e"] },
    ]);
    expect(closingLines(total)).toEqual([
      "skipped: a",
      "skipped: e",
      "failed: b: no",
      "failed: c: no",
      "failed: d: no",
      "3 passed, 3 failed, 2 skipped",
    ]);
  });
});
