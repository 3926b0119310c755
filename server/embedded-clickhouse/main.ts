import { chmodSync, mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openSpool } from "./body";
import { concurrencyLimit } from "./concurrency-limiter";
import { lockDirectory } from "./directory-lock";
import { openEngine } from "./engine";
import { createHttpInterface } from "./server";

/*
 * The process of the embedded ClickHouse:
 *   UV_THREADPOOL_SIZE=16 node --import tsx main.ts --path DIR [--port 0] [--host 127.0.0.1]
 * Prints {"listening":PORT} when it is ready. SIGTERM and SIGINT end it after the running statements, but within 21 s.
 * If CLICKHOUSE_PASSWORD is set, clients must send it. At most UV_THREADPOOL_SIZE - 2 statements, or 2 if that is more,
 * run concurrently.
 */

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1)$/;
/** Time after a signal until running reads are killed. */
const SHUTDOWN_MS = 15_000;
/** Time for killed reads to report the error, and then for running writes to end. */
const LAST_WAIT_MS = 3_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      path: { type: "string" },
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
    },
  });
  if (!values.path) throw new Error("--path is required: the data directory.");
  if (!LOOPBACK.test(values.host)) {
    throw new Error(
      `--host ${values.host} is not a loopback address. The embedded engine has no users; use a ClickHouse server.`,
    );
  }
  const path = resolve(values.path);
  makePrivate(path);
  const unlock = lockDirectory(path);
  try {
    await serve({ path, port: Number(values.port), host: values.host });
  } finally {
    unlock();
  }
}

/**
 * Creates the directory if it is missing, and makes it private, because an earlier release created it readable for
 * others. New files have mode 0600.
 */
function makePrivate(path: string): void {
  process.umask(0o077);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
}

/** Serves until a signal arrives; rejects if it cannot listen. */
async function serve({ path, port, host }: { path: string; port: number; host: string }): Promise<void> {
  const spool = openSpool(path);
  const engine = openEngine({ path, concurrency: concurrencyLimit(process.env) });
  const password = process.env.CLICKHOUSE_PASSWORD ?? "";
  const { server, killReads } = createHttpInterface({ engine, spool, password });
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
      // Connections that were busy at the signal become idle later.
      setInterval(() => server.closeIdleConnections(), 50).unref();
      setTimeout(killReads, SHUTDOWN_MS).unref();
      setTimeout(done, SHUTDOWN_MS + LAST_WAIT_MS).unref();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
  // Does not wait longer for running writes, because their senders repeat unacknowledged writes.
  await Promise.race([engine.close(), new Promise((done) => setTimeout(done, LAST_WAIT_MS).unref())]);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
