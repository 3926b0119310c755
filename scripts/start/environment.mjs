import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv as parseEnvFile } from "node:util";
import { freePort } from "./network.mjs";

/** Variables of `.env`, overridden by those of the process. An empty variable counts as absent and hides the file's. */
export function readEnvironment(root) {
  const path = join(root, ".env");
  const fromFile = existsSync(path) ? parseEnvFile(readFileSync(path, "utf8")) : {};
  return Object.fromEntries(Object.entries({ ...fromFile, ...process.env }).filter(([, value]) => value !== ""));
}

/** The stack's data directory, host and port. PORT=0 takes any free port. */
export async function stackLocation({ root, environment }) {
  const host = environment.HOST ?? "127.0.0.1";
  const port = Number(environment.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT must be a whole number from 0 to 65535, got "${environment.PORT}"`);
  }
  return { dataDir: resolve(root, environment.DATA_DIR ?? ".data"), host, port: port || (await freePort(host)) };
}

/** Connects to Redis and ClickHouse once; throws a one-line error if one of them cannot be used. */
export async function requireReachableStores(environment) {
  const { tsImport } = await import("tsx/esm/api");
  const { requireStores } = await tsImport("../../server/require-stores.ts", import.meta.url);
  await requireStores(await requireValidEnvironment(environment));
}

/** EMBEDDED_REDIS_PORT as a number; null means the port of the last start. */
export const embeddedRedisPort = ({ EMBEDDED_REDIS_PORT }) =>
  EMBEDDED_REDIS_PORT ? Number(EMBEDDED_REDIS_PORT) : null;

/** The URL by which this machine reaches a server that listens on `host`. */
export function localUrl({ host, port }) {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/**
 * Parses the environment. Throws an error that lists every fault of its variables, or the fault of the folder
 * TZDATA_DIR. server/env.ts is TypeScript, so the packages must be installed first. Variables that the start script
 * provides are not required.
 */
export async function requireValidEnvironment(environment) {
  const { tsImport } = await import("tsx/esm/api");
  const { parseEnv } = await tsImport("../../server/env.ts", import.meta.url);
  const { requireZones } = await tsImport("../../server/zones.ts", import.meta.url);
  const provided = { REDIS_URL: "redis://127.0.0.1", CLICKHOUSE_URL: "http://127.0.0.1" };
  const env = parseEnv({ ...provided, ...environment });
  if (env.TZDATA_DIR) requireZones({ tzdataDir: env.TZDATA_DIR });
  return env;
}
