import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { lockDirectory } from "./directory-lock";
import { openEngine } from "./engine";
import { createInterface } from "./server";

/*
 * The embedded ClickHouse as a process of its own:
 *   main.ts --path DIR [--port 8123] [--host 127.0.0.1]
 * Prints {"listening":PORT} when it answers. Ends on SIGTERM and SIGINT after the statements in hand.
 */

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1)$/;
/** Statements in hand get this long at the end. */
const DRAIN_MS = 20_000;

function main(): void {
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
  const unlock = lockDirectory(values.path);
  const engine = openEngine(values.path);
  const server = createInterface(engine, { password: process.env.CLICKHOUSE_PASSWORD ?? "" });
  server.listen(Number(values.port), values.host, () => {
    process.stdout.write(`${JSON.stringify({ listening: (server.address() as AddressInfo).port })}\n`);
  });
  server.on("error", (error) => stop(error));

  let stopping = false;
  function stop(error?: Error): void {
    if (stopping) return;
    stopping = true;
    if (error) process.stderr.write(`${error.message}\n`);
    const end = () => {
      engine.close();
      unlock();
      process.exit(error ? 1 : 0);
    };
    setTimeout(end, DRAIN_MS).unref();
    server.close(end);
    server.closeIdleConnections();
  }
  process.on("SIGTERM", () => stop());
  process.on("SIGINT", () => stop());
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
