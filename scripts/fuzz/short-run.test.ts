import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Runs `npm run fuzz` in a process with its own services. */
test("bad inputs through every API affect only themselves: no canary occurrence missed, no loop failed, nothing lost", {
  timeout: 300_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), "stufio-short-fuzz-"));
  const file = join(dir, "report.json");
  const args = ["scripts/fuzz.ts", "--seed", "7", "--count", "100", "--json", file];
  try {
    const run = await promisify(execFile)(process.execPath, ["--import", "tsx", ...args]).catch((error) => error);
    const report = JSON.parse(await readFile(file, "utf8").catch(() => `{"no report":${JSON.stringify(run.stderr)}}`));
    // A slow store on a busy machine is counted separately (`unanswered`), because it is not the input's fault.
    expect(report, run.stdout).toMatchObject({ breaches: [], loopsFailed: [], quarantined: 0, canary: { wrongSeconds: [] } });
    expect(report.canary.expected).toBeGreaterThan(5);
    for (const border of ["rest", "trpc", "code", "delayed"]) {
      expect(report.borders[border].sent).toBe(100);
      expect(report.borders[border].accepted, border).toBeGreaterThan(5);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
