import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Queue } from "bullmq";
import { NODE_ARGS } from "../../server/node-args.mjs";
import { eventOf } from "./event";
import { runInChunks } from "./load";

export const QUEUE = "bench";
const WORKER = fileURLToPath(new URL("./bullmq-worker.ts", import.meta.url));

/** The message of the worker process after its last job. */
export interface BullReport {
  /** End of the last job, epoch ms. */
  endedAt: number;
  /** The lateness of each job, ms. */
  latenesses: number[];
}

/** BullMQ with a worker in a separate process. */
export function openBull(redisUrl: string) {
  const { hostname: host, port } = new URL(redisUrl);
  const connection = { host, port: Number(port) };
  const queue = new Queue(QUEUE, { connection, defaultJobOptions: { removeOnComplete: true } });
  let child: ChildProcess | null = null;
  return {
    queue,
    /** Resolves when the worker is ready. `done` resolves after `count` jobs. */
    async startWorker(count: number): Promise<{ done: Promise<BullReport> }> {
      child = fork(WORKER, [JSON.stringify({ connection, count })], { execArgv: [...NODE_ARGS, "--import", "tsx"] });
      const started = child;
      await once(started, "message");
      return { done: once(started, "message").then(([report]) => report as BullReport) };
    },
    async add(count: number, dueMs: (index: number) => number): Promise<void> {
      await runInChunks(count, async (from, to) => {
        const nowMs = Date.now();
        const jobs = Array.from({ length: to - from }, (_, i) => {
          const due = dueMs(from + i);
          return { name: "remind", data: eventOf(due), opts: { delay: due - nowMs } };
        });
        await queue.addBulk(jobs);
      });
    },
    async close(): Promise<void> {
      if (child && child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      await queue.close();
    },
  };
}
