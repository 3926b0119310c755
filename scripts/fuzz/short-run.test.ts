import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("npm run fuzz finds no input, through any API, that stops the canary, fails a loop or loses a schedule", {
  timeout: 300_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), "stufio-short-fuzz-"));
  const file = join(dir, "report.json");
  const args = ["scripts/fuzz.ts", "--seed", "7", "--count", "100", "--json", file];
  try {
    const run = await promisify(execFile)(process.execPath, ["--import", "tsx", ...args]).catch((error) => error);
    const report = JSON.parse(await readFile(file, "utf8").catch(() => `{"no report":${JSON.stringify(run.stderr)}}`));
    // `unanswered` is not checked, because a busy machine may be slow.
    expect(report, run.stdout).toMatchObject({
      breaches: [],
      loopsFailed: [],
      quarantined: 0,
      canary: { wrongSeconds: [] },
    });
    expect(report.canary.expected).toBeGreaterThan(5);
    for (const border of ["rest", "trpc", "code", "delayed"]) {
      expect(report.borders[border].sent).toBe(100);
      expect(report.borders[border].accepted, border).toBeGreaterThan(5);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
