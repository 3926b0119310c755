import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { answersPing, freePort, get, until } from "./network.mjs";
import { findProgram, installPackage } from "./system-package.mjs";

const REDIS_PROGRAMS = ["redis-server", "valkey-server"];
const READY_TIMEOUT_MS = 60_000;

/** The path of `redis-server`, installed if it is missing and we may. Throws with what to do otherwise. */
export async function requireRedisServer() {
  const present = findProgram(REDIS_PROGRAMS);
  if (present) return present;
  await installPackage("redis-server");
  const installed = findProgram(REDIS_PROGRAMS);
  if (installed) return installed;
  throw new Error(
    [
      "redis-server is not installed, and it cannot be installed from here. Either",
      "  install it:  sudo apt-get install redis-server   |  sudo dnf install redis  |  brew install redis",
      "  or name one that runs:  REDIS_URL=redis://host:6379 npm start",
    ].join("\n"),
  );
}

/** Our own Redis: on loopback, appending to disk every second, refusing writes rather than evicting when it is full. */
export async function startRedis({ binary, dataDir, start }) {
  const dir = join(dataDir, "redis");
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const settings = {
    port,
    bind: "127.0.0.1",
    dir,
    daemonize: "no",
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    "maxmemory-policy": "noeviction",
    // A fresh start's file is small, and doubles with every burst: not each of these is worth writing it anew.
    "auto-aof-rewrite-min-size": "256mb",
  };
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const child = start({ name: "redis", command: [binary, ...args], graceMs: 15_000, isQuiet: true });
  await until({
    what: "Redis",
    timeoutMs: READY_TIMEOUT_MS,
    ask: async () => child.alive && (await answersPing(port)),
  });
  return `redis://127.0.0.1:${port}`;
}

/**
 * The embedded ClickHouse, in a process of its own that speaks ClickHouse's HTTP interface. With `password` it asks for
 * it: any page in a browser on this machine can send a POST to a port on loopback.
 */
export async function startClickHouse({ dataDir, start, env, password = "" }) {
  const port = await freePort();
  const program = ["--import", "tsx", "server/adapters/clickhouse/embedded/main.ts"];
  const options = ["--path", join(dataDir, "clickhouse"), "--port", String(port), "--host", "127.0.0.1"];
  const child = start({
    name: "clickhouse",
    command: [process.execPath, ...program, ...options],
    // How many statements run at once; a restart would be needed to change it.
    env: { ...env, CLICKHOUSE_PASSWORD: password, UV_THREADPOOL_SIZE: "16" },
    graceMs: 25_000,
    isQuiet: true,
  });
  const address = `127.0.0.1:${port}`;
  await until({
    what: "ClickHouse",
    timeoutMs: READY_TIMEOUT_MS,
    ask: async () => child.alive && (await get(`http://${address}/ping`))?.status === 200,
  });
  return password ? `http://default:${password}@${address}` : `http://${address}`;
}
