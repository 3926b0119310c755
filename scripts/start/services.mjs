import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { answersPing, firstFreePort, freePort, get, until } from "./network.mjs";
import { readPrivate, secretIn, writePrivate } from "./private-files.mjs";
import { repairAppendOnly } from "./redis-repair.mjs";
import { findProgram, installPackage } from "./system-package.mjs";

const REDIS_PROGRAMS = ["redis-server", "valkey-server"];
const READY_TIMEOUT_MS = 60_000;
const PASSWORD_FILE = "redis.password";
/** Beside Redis's own 6379, which another server may have. */
const FIRST_REDIS_PORT = 6390;

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

/**
 * Our own Redis: on loopback and with a password, appending to disk every second, refusing writes rather than evicting
 * when it is full. The password is in `redis.password`, for consumers of the embedded bus too, and goes by way of the
 * configuration file: arguments are seen by everybody.
 *
 * @param {object} input
 * @param {number | null} [input.port] Where it listens; without one, where it did last time.
 * @param {NodeJS.ProcessEnv} [input.env] REDIS_PREFIX and REDIS_SHARDS.
 * @returns {Promise<{url: string, port: number, passwordFile: string}>}
 */
export async function startRedis({ binary, dataDir, start, port: wanted = null, env = {} }) {
  const dir = join(dataDir, "redis");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const passwordFile = join(dataDir, PASSWORD_FILE);
  const password = secretIn(passwordFile);
  const port = wanted ?? (await keptPort(join(dataDir, "redis.port")));
  const config = join(dir, "redis.conf");
  writePrivate(config, redisConfig({ port, dir, password }));
  const onDeath = async ({ code, lines }) => {
    const taken = lines.find((line) => /Address already in use/i.test(line));
    if (taken)
      throw new Error(`port ${port} of 127.0.0.1 is taken. Choose another: EMBEDDED_REDIS_PORT=${port + 1} npm start`);
    // It ends with 1 when it cannot load its data.
    return code === 1 ? repairAppendOnly({ binary, dir, forget: await epochKeys(env) }) : null;
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
    // A fresh start's file is small, and doubles with every burst: not each of these is worth writing it anew.
    "auto-aof-rewrite-min-size": "256mb",
  };
  // Redis reads quoted values as C does.
  return Object.entries(settings)
    .map(([key, value]) => `${key} ${JSON.stringify(String(value))}\n`)
    .join("");
}

/** Beside the URL of the embedded Redis nothing that is meant for another one may count. */
export const WITHOUT_LOGIN = Object.fromEntries(
  ["USERNAME", "PASSWORD", "CA_FILE", "CERT_FILE", "KEY_FILE"].map((name) => [`REDIS_${name}`, undefined]),
);
/** The same for the embedded ClickHouse. */
export const WITHOUT_CLICKHOUSE_LOGIN = { CLICKHOUSE_USER: undefined, CLICKHOUSE_PASSWORD: undefined };

/** Where the Redis of a stack that runs in `dataDir` is. Throws if none was ever started there. */
export function embeddedRedisUrl(dataDir) {
  const config = readPrivate(join(dataDir, "redis", "redis.conf"));
  const port = config && /^port "(\d+)"$/m.exec(config)?.[1];
  if (!port) throw new Error(`No Redis of ours was started in ${dataDir}: run npm start, or name one by REDIS_URL.`);
  return `redis://:${readPrivate(join(dataDir, PASSWORD_FILE))}@127.0.0.1:${port}`;
}

/** Without them the worker takes its Redis for a lost one, and loads what is missing from ClickHouse. */
async function epochKeys({ REDIS_PREFIX = "stufio:", REDIS_SHARDS = "1" }) {
  const { tsImport } = await import("tsx/esm/api");
  const { createKeys } = await tsImport("../../server/adapters/redis/keys.ts", import.meta.url);
  return createKeys(REDIS_PREFIX, Number(REDIS_SHARDS)).shards.map((shard) => shard.epoch);
}

/** The port of the last start if it is free, else the next free one: consumers that were told a port find it again. */
async function keptPort(file) {
  const last = Number(readPrivate(file));
  const port = await firstFreePort(last >= 1 && last <= 65_535 ? last : FIRST_REDIS_PORT);
  if (port !== last) writePrivate(file, `${port}\n`);
  return port;
}

/**
 * The embedded ClickHouse, in a process of its own that speaks ClickHouse's HTTP interface. With `password` it asks for
 * it: any page in a browser on this machine can send a POST to a port on loopback.
 */
export async function startClickHouse({ dataDir, start, env, password = "" }) {
  const port = await freePort();
  const program = ["--import", "tsx", "server/embedded-clickhouse/main.ts"];
  const options = ["--path", join(dataDir, "clickhouse"), "--port", String(port), "--host", "127.0.0.1"];
  const child = start({
    name: "clickhouse",
    command: [process.execPath, ...program, ...options],
    // How many statements run at once; a restart would be needed to change it.
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
