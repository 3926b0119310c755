import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A service of the stack that all specs share. */
export interface StackProcess {
  /** It keeps its connections, and answers nothing. */
  hang(): void;
  resume(): void;
}

/** The process group that the start has noted in its lock file. */
export function stackProcess(name: "redis" | "clickhouse"): StackProcess {
  const lock = JSON.parse(readFileSync(join(process.env.E2E_DATA_DIR ?? "", "start.lock"), "utf8"));
  const child = (lock.children as { name: string; pid: number }[]).findLast((one) => one.name === name);
  if (!child) throw new Error(`the stack has no ${name} of its own`);
  return {
    hang: () => void process.kill(-child.pid, "SIGSTOP"),
    resume: () => void process.kill(-child.pid, "SIGCONT"),
  };
}
