import { Worker } from "bullmq";
import { type BullReport, QUEUE } from "./bullmq";

/* The worker of the peer. Its jobs only record their lateness. */

const { connection, count } = JSON.parse(process.argv[2] ?? "{}") as {
  connection: { host: string; port: number };
  count: number;
};
const latenesses: number[] = [];
const worker = new Worker(
  QUEUE,
  async (job) => {
    latenesses.push(Date.now() - job.data.payload.due);
  },
  { connection, concurrency: 100 },
);
let done = 0;
worker.on("completed", () => {
  done += 1;
  if (done === count) process.send?.({ endedAt: Date.now(), latenesses } satisfies BullReport);
});
worker.on("error", (error) => process.stderr.write(`${error.message}\n`));
await worker.waitUntilReady();
process.send?.("ready");
process.on("SIGTERM", () => void worker.close(true).then(() => process.exit(0)));
