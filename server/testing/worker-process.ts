import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { NODE_ARGS } from "../node-args.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A worker in its own process as in production, so that a test can signal and kill it. */
export interface WorkerProcess {
  readonly pid: number;
  /** Sends a signal to this process; SIGKILL, SIGSTOP and SIGCONT included. */
  signal(name: NodeJS.Signals): void;
  /** Ends the process with the signal and waits for its exit. */
  end(name?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts `worker/main.ts` with these variables and waits until it logs that it runs. Rejects with its output if it ends
 * first.
 */
export async function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...NODE_ARGS, "--import", "tsx", "worker/main.ts"], {
    cwd: ROOT,
    env: { ...process.env, WORKER_PORT: "0", LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  await running(child, exited);
  return {
    pid: child.pid as number,
    signal: (name) => void child.kill(name),
    async end(name = "SIGTERM") {
      child.kill(name);
      await exited;
    },
  };
}

async function running(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  const said: string[] = [];
  const started = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (said.length < 100) said.push(line);
        if (line.includes("worker started")) done();
      });
    }
  });
  const ended = exited.then(() => {
    throw new Error(`the worker ended before it ran:\n${said.join("\n")}`);
  });
  await Promise.race([started, ended]);
  // From now on the test handles its exit.
  ended.catch(() => undefined);
}
