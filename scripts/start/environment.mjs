import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv as parseEnvFile } from "node:util";
import { freePort } from "./network.mjs";

/** The variables of `.env`, overridden by those of the process, then without those that are empty. */
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

/** Throws if Redis or ClickHouse cannot be used. */
export async function requireReachableStores(environment) {
  const { tsImport } = await import("tsx/esm/api");
  const { requireStores } = await tsImport("../../server/require-stores.ts", import.meta.url);
  await requireStores(await requireValidEnvironment(environment));
}

/** EMBEDDED_REDIS_PORT as a number; null means that `startRedis` chooses the port. */
export const embeddedRedisPort = ({ EMBEDDED_REDIS_PORT }) =>
  EMBEDDED_REDIS_PORT ? Number(EMBEDDED_REDIS_PORT) : null;

/** The URL of a server that listens on `host`, for clients on this machine. */
export function localUrl({ host, port }) {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/**
 * Parses the environment. Throws an error that lists every fault of a variable, or the fault of the folder TZDATA_DIR.
 * The packages must be installed, because server/env.ts is TypeScript.
 */
export async function requireValidEnvironment(environment) {
  const { tsImport } = await import("tsx/esm/api");
  const { parseEnv } = await tsImport("../../server/env.ts", import.meta.url);
  const { requireZones } = await tsImport("../../server/zones.ts", import.meta.url);
  // The start script sets these variables later.
  const provided = { REDIS_URL: "redis://127.0.0.1", CLICKHOUSE_URL: "http://127.0.0.1" };
  const env = parseEnv({ ...provided, ...environment });
  if (env.TZDATA_DIR) requireZones({ tzdataDir: env.TZDATA_DIR });
  return env;
}
