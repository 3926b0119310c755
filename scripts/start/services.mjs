import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { answersPing, firstFreePort, freePort, get, until } from "./network.mjs";
import { readOrCreateSecret, readPrivate, writePrivate } from "./private-files.mjs";
import { repairAppendOnly } from "./redis-repair.mjs";
import { findProgram, installPackage } from "./system-package.mjs";

const REDIS_PROGRAMS = ["redis-server", "valkey-server"];
const READY_TIMEOUT_MS = 60_000;
const PASSWORD_FILE = "redis.password";
/** Not 6379, which another Redis may use. */
const FIRST_REDIS_PORT = 6390;
/** How often at most another port is chosen because another program took the port before Redis listened. */
const MAX_PORT_CHANGES = 5;

/**
 * The path of `redis-server` or `valkey-server`. Installs `redis-server` if both are missing. Throws an error with
 * instructions if it cannot be installed.
 */
export async function requireRedisServer() {
  const present = findProgram(REDIS_PROGRAMS);
  if (present) return present;
  await installPackage("redis-server");
  const installed = findProgram(REDIS_PROGRAMS);
  if (installed) return installed;
  throw new Error(
    [
      "redis-server is not installed, and could not be installed. Either",
      "  install it:  sudo apt-get install redis-server   |  sudo dnf install redis  |  brew install redis",
      "  or use a running Redis:  REDIS_URL=redis://host:6379 npm start",
    ].join("\n"),
  );
}

/**
 * Starts the embedded Redis on loopback. Redis reads the password from its configuration file, because every account
 * can see the arguments of a process.
 *
 * @param {object} input
 * @param {number | null} [input.port] The port; by default the port of the last start, so that consumers can keep their
 * configuration, or the next free port.
 * @param {NodeJS.ProcessEnv} [input.env] REDIS_PREFIX and REDIS_SHARDS.
 * @returns {Promise<{url: string, port: number, passwordFile: string}>}
 */
export async function startRedis({ binary, dataDir, start, port: wanted = null, env = {} }) {
  const dir = join(dataDir, "redis");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const passwordFile = join(dataDir, PASSWORD_FILE);
  const password = readOrCreateSecret(passwordFile);
  const portFile = join(dataDir, "redis.port");
  const config = join(dir, "redis.conf");
  let port = wanted ?? (await firstFreePort(lastPort(portFile)));
  const storePort = () => {
    writePrivate(portFile, `${port}\n`);
    writePrivate(config, redisConfig({ port, dir, password }));
  };
  storePort();
  // Once Redis has started, its port stays the same, because the other processes know it.
  let portChangesLeft = wanted === null ? MAX_PORT_CHANGES : 0;
  const onDeath = async ({ code, lines }) => {
    const taken = lines.find((line) => /Address already in use/i.test(line));
    if (taken && portChangesLeft === 0)
      throw new Error(`port ${port} of 127.0.0.1 is in use. Choose another: EMBEDDED_REDIS_PORT=${port + 1} npm start`);
    if (taken) {
      portChangesLeft -= 1;
      const former = port;
      port = await firstFreePort(former + 1);
      storePort();
      return `port ${former} of 127.0.0.1 is in use; redis gets port ${port}`;
    }
    // Redis exits with 1 if it cannot load its data.
    return code === 1 ? repairAppendOnly({ binary, dir, keysToDelete: await epochKeys(env) }) : null;
  };
  const lock = join(dir, "lock");
  const child = start({ name: "redis", command: [binary, config], graceMs: 15_000, isQuiet: true, lock, onDeath });
  await until({
    what: "Redis",
    timeoutMs: READY_TIMEOUT_MS,
    ask: async () => {
      if (child.failure) throw new Error(`Redis cannot start: ${child.failure.message}`);
      return child.alive && (await answersPing({ port, password }));
    },
  });
  portChangesLeft = 0;
  child.ready();
  return { url: `redis://:${password}@127.0.0.1:${port}`, port, passwordFile };
}

function redisConfig({ port, dir, password }) {
  const settings = {
    port,
    bind: "127.0.0.1",
    "protected-mode": "yes",
    requirepass: password,
    dir,
    daemonize: "no",
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    "maxmemory-policy": "noeviction",
    // A small file doubles with every burst, which would cause a rewrite each time.
    "auto-aof-rewrite-min-size": "256mb",
  };
  // Redis parses quoted values like C strings.
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${JSON.stringify(String(value))}\n`)
    .join("");
}

/** Login variables for another Redis must not apply to the embedded one. */
export const WITHOUT_LOGIN = Object.fromEntries(
  ["USERNAME", "PASSWORD", "CA_FILE", "CERT_FILE", "KEY_FILE"].map((name) => [`REDIS_${name}`, undefined]),
);
/** Login variables for another ClickHouse must not apply to the embedded one. */
export const WITHOUT_CLICKHOUSE_LOGIN = { CLICKHOUSE_USER: undefined, CLICKHOUSE_PASSWORD: undefined };

/** The URL of the embedded Redis of a stack in `dataDir`. Throws if none was ever started there. */
export function embeddedRedisUrl(dataDir) {
  const config = readPrivate(join(dataDir, "redis", "redis.conf"));
  const port = config && /^port "(\d+)"$/m.exec(config)?.[1];
  if (!port) throw new Error(`No embedded Redis was started in ${dataDir}. Run npm start, or set REDIS_URL.`);
  return `redis://:${readPrivate(join(dataDir, PASSWORD_FILE))}@127.0.0.1:${port}`;
}

/** Without these keys, the worker rebuilds Redis from ClickHouse. */
async function epochKeys({ REDIS_PREFIX = "stufio:", REDIS_SHARDS = "1" }) {
  const { tsImport } = await import("tsx/esm/api");
  const { createKeys } = await tsImport("../../server/adapters/redis/keys.ts", import.meta.url);
  return createKeys(REDIS_PREFIX, Number(REDIS_SHARDS)).shards.map((shard) => shard.epoch);
}

/** The port of the last start; FIRST_REDIS_PORT if there was none. */
function lastPort(file) {
  const last = Number(readPrivate(file));
  return last >= 1 && last <= 65_535 ? last : FIRST_REDIS_PORT;
}

/**
 * Starts the embedded ClickHouse and returns its URL. `password` protects it from pages in a browser on this machine,
 * which can send a POST to a port on loopback.
 */
export async function startClickHouse({ dataDir, start, env, password = "" }) {
  const port = await freePort();
  const program = ["--import", "tsx", "server/embedded-clickhouse/main.ts"];
  const options = ["--path", join(dataDir, "clickhouse"), "--port", String(port), "--host", "127.0.0.1"];
  const child = start({
    name: "clickhouse",
    command: [process.execPath, ...program, ...options],
    // Each statement blocks a thread of libuv's pool, whose size is fixed at the start.
    env: { ...env, CLICKHOUSE_PASSWORD: password, UV_THREADPOOL_SIZE: "16" },
    graceMs: 25_000,
    isQuiet: true,
    lock: join(dataDir, "clickhouse.lock"),
  });
  const address = `127.0.0.1:${port}`;
  await until({
    what: "ClickHouse",
    timeoutMs: READY_TIMEOUT_MS,
    ask: async () => {
      if (child.failure) throw new Error(`ClickHouse cannot start: ${child.failure.message}`);
      return child.alive && (await get(`http://${address}/ping`))?.status === 200;
    },
  });
  child.ready();
  return password ? `http://default:${password}@${address}` : `http://${address}`;
}
