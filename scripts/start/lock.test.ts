import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endGroup } from "./children.mjs";
import { acquireLock, LockedError, startedAt } from "./lock.mjs";

const LOCK_MODULE = fileURLToPath(new URL("./lock.mjs", import.meta.url));
const address = "http://127.0.0.1:3000";
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Starts another process that takes the lock, starts a child and prints the child's pid. */
async function otherStack(): Promise<{ holder: ChildProcess; childPid: number }> {
  const program = `
    import { spawn } from "node:child_process";
    import { acquireLock } from ${JSON.stringify(LOCK_MODULE)};
    const lock = acquireLock({ dataDir: ${JSON.stringify(dataDir)}, address: "http://127.0.0.1:4000" });
    const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    lock.add({ name: "redis", pid: child.pid });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(holder.stdout as NodeJS.ReadableStream, "data");
  return { holder, childPid: Number(String(line).trim()) };
}

describe("the lock of a data directory", () => {
  it("refuses a second stack and names the first stack's process and address", async () => {
    const { holder, childPid } = await otherStack();
    try {
      expect(() => acquireLock({ dataDir, address })).toThrow(LockedError);
      expect(() => acquireLock({ dataDir, address })).toThrow(`process ${holder.pid}, http://127.0.0.1:4000`);
    } finally {
      holder.kill("SIGKILL");
      await endGroup({ pid: childPid, graceMs: 1000 });
    }
  });

  it("is taken over after the holder was killed, and reports the holder's running children", async () => {
    const { holder, childPid } = await otherStack();
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const lock = acquireLock({ dataDir, address });
    expect(lock.orphans).toMatchObject([{ name: "redis", pid: childPid }]);
    await endGroup({ pid: childPid, graceMs: 1000 });
    expect(startedAt(childPid)).toBeNull();
  });

  it("is taken over if another process has the id of the dead holder", () => {
    const stale = {
      pid: process.pid,
      startedAt: "1",
      address,
      children: [{ name: "web", pid: process.pid, startedAt: "1" }],
    };
    writeFileSync(join(dataDir, "start.lock"), JSON.stringify(stale));
    expect(acquireLock({ dataDir, address }).orphans).toEqual([]);
  });

  it.each([[""], ["{"], ["null"]])("is taken over if the file contains only %j, because its writer died", (content) => {
    writeFileSync(join(dataDir, "start.lock"), content);
    expect(acquireLock({ dataDir, address }).orphans).toEqual([]);
  });

  it("can be taken again after its release", () => {
    acquireLock({ dataDir, address }).release();
    expect(existsSync(join(dataDir, "start.lock"))).toBe(false);
    expect(acquireLock({ dataDir, address }).orphans).toEqual([]);
  });
});
