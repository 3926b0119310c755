import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A store of the stack. */
export interface StackProcess {
  /** Suspends the store until `resume` is called or this process ends. */
  hang(): void;
  resume(): void;
}

/**
 * A shell script that resumes a store when the test process ends, even if the run is interrupted.
 */
const RESUME_AT_END = 'read -r _; kill -CONT "-$1"';

/** The functions that resume the suspended stores. */
const hanging = new Set<() => void>();

/** Resumes all suspended stores. Call it before a stack is stopped, because a suspended process cannot end. */
export function resumeHanging(): void {
  for (const resume of hanging) resume();
}

/** Finds the store in the lock file of `npm start`. */
export function stackProcess(name: "redis" | "clickhouse"): StackProcess {
  const lock = JSON.parse(readFileSync(join(process.env.E2E_DATA_DIR ?? "", "start.lock"), "utf8"));
  const child = (lock.children as { name: string; pid: number }[]).findLast((one) => one.name === name);
  if (!child) throw new Error(`the stack has no ${name} of its own`);
  let watcher: ChildProcess | null = null;
  const resume = () => {
    hanging.delete(resume);
    process.kill(-child.pid, "SIGCONT");
    watcher?.stdin?.end();
  };
  return {
    hang() {
      hanging.add(resume);
      // The kernel closes the watcher's input when this process ends.
      watcher = spawn("sh", ["-c", RESUME_AT_END, "sh", String(child.pid)], {
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      });
      process.kill(-child.pid, "SIGSTOP");
    },
    resume,
  };
}
