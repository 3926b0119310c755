import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { finalCounts, vitestCounts } from "./counts.mjs";

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const REPORTER = fileURLToPath(new URL("./vitest-report.mjs", import.meta.url));

/** Runs vitest on these files, and returns the counts of its report. */
async function countsOf(files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), "vitest-report-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await symlink(NODE_MODULES, join(root, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(root, name), `import { afterAll, beforeAll, describe, expect, it } from "vitest";\n${text}`);
  }
  const report = join(root, "report.json");
  const child = spawn(process.execPath, [join(NODE_MODULES, "vitest/vitest.mjs"), "run", `--reporter=${REPORTER}`], {
    cwd: root,
    env: { ...process.env, VITEST_REPORT: report },
    stdio: "ignore",
  });
  const [exitCode] = await once(child, "exit");
  const counts = vitestCounts(JSON.parse(await readFile(report, "utf8")));
  return finalCounts({ runner: "vitest", counts, exitCode });
}

it("names failed tests, files that do not load, hooks and errors outside tests", async () => {
  const counts = await countsOf({
    "tests.test.js": `
      describe("outer", () => {
        it("is good", () => {});
        it.skip("is skipped", () => {});
        it("is bad", () => expect(1, "the sum\\nof all").toBe(2));
      });
      let runs = 0;
      it("is flaky", { retry: 1 }, () => expect(++runs).toBe(2));`,
    "hooks.test.js": `
      describe("with hooks", () => {
        beforeAll(() => { throw new Error("no database"); });
        it("needs the hook", () => {});
      });
      afterAll(() => { throw new Error("cannot stop"); });`,
    "broken.test.js": `import "./missing.js";`,
    "unhandled.test.js": `
      it("leaves an error", async () => {
        void Promise.reject(new Error("too late"));
        await new Promise((done) => setTimeout(done, 100));
      });`,
  });
  // Vitest runs files in no fixed order.
  expect({ ...counts, failures: counts.failures.toSorted(), skipped: counts.skipped.toSorted() }).toEqual({
    passed: 2,
    skipped: ["outer is skipped", "with hooks needs the hook"],
    failures: [
      expect.stringMatching(/^broken\.test\.js: Error: .*missing\.js/),
      "hooks.test.js › with hooks: Error: no database",
      "hooks.test.js: Error: cannot stop",
      "tests.test.js › is flaky: passed only on a retry: AssertionError: expected 1 to be 2 // Object.is equality",
      "tests.test.js › outer › is bad: AssertionError: the sum",
      "unhandled.test.js › leaves an error: Error: too late",
    ],
  });
});

it("has no failure if all tests passed", async () => {
  const counts = await countsOf({ "good.test.js": `it("is good", () => {});` });
  expect(counts).toEqual({ passed: 1, failures: [], skipped: [] });
});
