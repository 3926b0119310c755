import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endGroup, supervise } from "./children.mjs";
import { startedAt } from "./lock.mjs";

let logDir: string;
beforeEach(() => {
  logDir = mkdtempSync(join(tmpdir(), "children-"));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(logDir, { recursive: true, force: true });
});

/** A supervised Node program. `spawned(n)` resolves with the pid of its n-th start. */
function superviseProgram(program: string) {
  const pids: number[] = [];
  const waiting = new Map<number, (pid: number) => void>();
  const child = supervise({
    name: "dummy",
    command: [process.execPath, "-e", program],
    env: process.env,
    cwd: logDir,
    logDir,
    graceMs: 500,
    onSpawn: ({ pid }: { pid: number }) => {
      pids.push(pid);
      waiting.get(pids.length)?.(pid);
    },
  });
  const spawned = (n: number) => {
    const pid = pids[n - 1];
    return pid === undefined ? new Promise<number>((done) => waiting.set(n, done)) : Promise.resolve(pid);
  };
  return { child, spawned };
}

describe("a supervised child", () => {
  it("is restarted each time it exits, after waits that become longer", async () => {
    const { child, spawned } = superviseProgram("process.exit(3)");
    await spawned(1);
    const secondAtMs = await spawned(2).then(() => Date.now());
    const thirdAtMs = await spawned(3).then(() => Date.now());
    await child.stop();
    expect(thirdAtMs - secondAtMs).toBeGreaterThanOrEqual(1000);
    const output = vi.mocked(process.stdout.write).mock.calls.join("");
    expect(output).toContain("dummy ended (code 3); restarting in 0.5 s");
    expect(output).toContain("dummy ended (code 3); restarting in 1 s");
  });

  it("is restarted after kill -9, and its output goes to its log", async () => {
    const { child, spawned } = superviseProgram("console.log('alive'); setInterval(() => {}, 1000)");
    const first = await spawned(1);
    process.kill(first, "SIGKILL");
    const second = await spawned(2);
    expect(second).not.toBe(first);
    await vi.waitFor(() => expect(readFileSync(join(logDir, "dummy.log"), "utf8")).toContain("alive"), 10_000);
    await child.stop();
    expect(startedAt(second)).toBeNull();
  });

  it("is not restarted after it was stopped, not even during the backoff", async () => {
    const { child, spawned } = superviseProgram("process.exit(0)");
    const pid = await spawned(1);
    await vi.waitFor(() => expect(startedAt(pid)).toBeNull(), 10_000);
    await child.stop();
    const outcome = await Promise.race([spawned(2).then(() => "again"), pause(1500).then(() => "stopped")]);
    expect(outcome).toBe("stopped");
  });
});

describe("a process group", () => {
  it("is killed as a whole if its processes do not end in time", async () => {
    const program = `
      const { spawn } = require("node:child_process");
      process.on("SIGTERM", () => {});
      const inner = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"]);
      inner.stdout.once("data", () => console.log(inner.pid));
      setInterval(() => {}, 1000);`;
    const outer = spawn(process.execPath, ["-e", program], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(outer.stdout, "data");
    const innerPid = Number(String(line).trim());
    expect(startedAt(innerPid)).not.toBeNull();
    await endGroup({ pid: outer.pid, graceMs: 300 });
    expect(startedAt(outer.pid)).toBeNull();
    expect(startedAt(innerPid)).toBeNull();
  });
});
