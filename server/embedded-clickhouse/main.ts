import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openSpool } from "./body";
import { lockDirectory } from "./directory-lock";
import { openEngine } from "./engine";
import { laneCount } from "./lanes";
import { createInterface } from "./server";

/*
 * The embedded ClickHouse as a process of its own:
 *   UV_THREADPOOL_SIZE=16 node --import tsx main.ts --path DIR [--port 0] [--host 127.0.0.1]
 * Prints {"listening":PORT} when it answers. Ends on SIGTERM and SIGINT after the statements in hand.
 * CLICKHOUSE_PASSWORD, if set, is asked of everybody. UV_THREADPOOL_SIZE less two is how many statements run at once.
 */

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1)$/;
/** Statements in hand get this long at the end; then reads are killed, and get the grace to say so. */
const DRAIN_MS = 15_000;
const GRACE_MS = 3_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      path: { type: "string" },
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
    },
  });
  if (!values.path) throw new Error("--path is required: the directory that holds the data.");
  if (!LOOPBACK.test(values.host)) {
    throw new Error(
      `--host ${values.host} is not loopback. The embedded engine has no users; run a ClickHouse server for that.`,
    );
  }
  const path = resolve(values.path);
  const unlock = lockDirectory(path);
  try {
    await serve({ path, port: Number(values.port), host: values.host });
  } finally {
    unlock();
  }
}

/** Serves until a signal comes; rejects if it can't listen. */
async function serve({ path, port, host }: { path: string; port: number; host: string }): Promise<void> {
  const spool = openSpool(path);
  const engine = openEngine({ path, lanes: laneCount(process.env) });
  const password = process.env.CLICKHOUSE_PASSWORD ?? "";
  const { server, abandon } = createInterface({ engine, spool, password });
  await new Promise<void>((done, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      process.stdout.write(`${JSON.stringify({ listening: (server.address() as AddressInfo).port })}\n`);
    });
    let isStopping = false;
    const stop = () => {
      if (isStopping) return;
      isStopping = true;
      server.close(() => done());
      // A connection that was busy when the stop came is idle as soon as its answer is out.
      setInterval(() => server.closeIdleConnections(), 50).unref();
      setTimeout(abandon, DRAIN_MS).unref();
      setTimeout(done, DRAIN_MS + GRACE_MS).unref();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
  // A write that is still running would be waited for; what it has not acknowledged, its sender sends again.
  await Promise.race([engine.close(), new Promise((done) => setTimeout(done, GRACE_MS).unref())]);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
