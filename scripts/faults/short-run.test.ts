import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("npm run faults with a fixed seed finds no lost or duplicate outcome, and accounts and settings unchanged", {
  timeout: 600_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), "stufio-short-run-"));
  const file = join(dir, "report.json");
  const kinds = "worker-kill,redis-restart,redis-full,redis-wipe,clock-step";
  const args = [
    "scripts/faults.ts",
    "--minutes",
    "1.1",
    "--seed",
    "4",
    "--bus",
    "redis",
    "--only",
    kinds,
    "--json",
    file,
  ];
  try {
    const run = await promisify(execFile)(process.execPath, ["--import", "tsx", ...args]).catch((error) => error);
    const report = JSON.parse(await readFile(file, "utf8"));
    expect(report, run.stdout).toMatchObject({ lost: 0, doubled_ledger: 0, unexplained: 0, not_kept: [] });
    expect(report, run.stdout).toMatchObject({ bad_inputs: { wrong: [] }, canary: { wrongSeconds: [] } });
    expect(report.bad_inputs.sent).toBeGreaterThan(10);
    expect(report.expected).toBeGreaterThan(200);
    expect(report.faults.length).toBeGreaterThan(2);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
