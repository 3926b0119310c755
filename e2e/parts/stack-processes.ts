import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A service of the stack that the specs of a Playwright worker use. */
export interface StackProcess {
  /** The process keeps its connections but does not answer, until it is resumed or this process ends. */
  hang(): void;
  resume(): void;
}

/**
 * A shell script that resumes a service when its own input ends, as it does with the test process. An interrupted run
 * would otherwise leave the service behind, stopped.
 */
const RESUME_AT_END = 'read -r _; kill -CONT "-$1"';

/** The functions that resume the hanging services. */
const hanging = new Set<() => void>();

/** Resumes each hanging service. Call it before a stack is stopped, because a stopped process cannot end itself. */
export function resumeHanging(): void {
  for (const resume of hanging) resume();
}

/** The store whose process group `npm start` has written to its lock file. */
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
      // The kernel closes the input of the watcher, however this process ends.
      watcher = spawn("sh", ["-c", RESUME_AT_END, "sh", String(child.pid)], {
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      });
      process.kill(-child.pid, "SIGSTOP");
    },
    resume,
  };
}
