import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START_TIMEOUT_MS = 60_000;
/** Longer than the process takes to stop: at most 21 s (`main.ts`). */
const STOP_TIMEOUT_MS = 25_000;
/** The size of libuv's pool. All but two threads run statements (`concurrencyLimit`). */
const THREADS = "16";

export interface EmbeddedClickHouse {
  url: string;
  pid: number;
  /** Sends SIGTERM, then SIGKILL if the process does not end. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/** Starts the embedded engine as a child process and waits until it listens. Throws with the child's error output. */
export async function startEmbedded(input: { path: string; port?: number }): Promise<EmbeddedClickHouse> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const args = ["--import", "tsx", main, "--path", input.path, "--port", String(input.port ?? 0)];
  // An environment variable, because the pool's size is fixed at process start.
  const env = { ...process.env, UV_THREADPOOL_SIZE: THREADS };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  const ended = once(child, "exit");
  let errorOutput = "";
  child.stderr.on("data", (chunk) => {
    errorOutput = (errorOutput + chunk).slice(-4000);
  });
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => fail(`not listening after ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`The embedded ClickHouse did not start: ${errorOutput.trim() || why}`));
    };
    child.once("exit", (code) => fail(`exit code ${code}`));
    child.once("error", (error) => fail(error.message));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const listening = /^\{"listening":(\d+)\}$/.exec(line)?.[1];
      if (!listening) return;
      clearTimeout(timer);
      resolve(Number(listening));
    });
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    stop: () => end("SIGTERM"),
    kill9: () => end("SIGKILL"),
  };
}
