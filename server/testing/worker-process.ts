import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { NODE_ARGS } from "../node-args.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A worker in its own process, so that a test can signal and kill it. */
export interface WorkerProcess {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Ends the process with the signal and waits for its exit. */
  end(name?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts `worker/main.ts` and waits until the worker logs that it runs. Throws the worker's output if it ends first.
 */
export async function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...NODE_ARGS, "--import", "tsx", "worker/main.ts"], {
    cwd: ROOT,
    env: { ...process.env, WORKER_PORT: "0", LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  await untilRunning(child, exited);
  return {
    pid: child.pid as number,
    signal: (name) => void child.kill(name),
    async end(name = "SIGTERM") {
      child.kill(name);
      await exited;
    },
  };
}

async function untilRunning(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  const output: string[] = [];
  const started = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (output.length < 100) output.push(line);
        if (line.includes("worker started")) done();
      });
    }
  });
  const ended = exited.then(() => {
    throw new Error(`the worker ended before it ran:\n${output.join("\n")}`);
  });
  await Promise.race([started, ended]);
  // A later exit is no error.
  ended.catch(() => undefined);
}
