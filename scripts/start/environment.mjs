import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv as parseEnvFile } from "node:util";
import { freePort } from "./network.mjs";

/** Variables of `.env`, and over them those of the process; an empty one counts as absent, and hides the file's. */
export function readEnvironment(root) {
  const path = join(root, ".env");
  const fromFile = existsSync(path) ? parseEnvFile(readFileSync(path, "utf8")) : {};
  return Object.fromEntries(Object.entries({ ...fromFile, ...process.env }).filter(([, value]) => value !== ""));
}

/** Where the stack keeps its data, and where it listens. PORT=0 takes any free one. */
export async function placeOf({ root, environment }) {
  const host = environment.HOST ?? "127.0.0.1";
  const port = Number(environment.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT must be a whole number, 0 to 65535; it is "${environment.PORT}"`);
  }
  return { dataDir: resolve(root, environment.DATA_DIR ?? ".data"), host, port: port || (await freePort(host)) };
}

/** Asks Redis and ClickHouse once; throws with one line for people if one of them cannot be used. */
export async function requireAnswers(environment) {
  const { tsImport } = await import("tsx/esm/api");
  const { requireStores } = await tsImport("../../server/require-stores.ts", import.meta.url);
  await requireStores(await requireUsable(environment));
}

/** EMBEDDED_REDIS_PORT as a number; null: where it was last time. */
export const embeddedRedisPort = ({ EMBEDDED_REDIS_PORT }) =>
  EMBEDDED_REDIS_PORT ? Number(EMBEDDED_REDIS_PORT) : null;

/** How one reaches a server that listens on `host` from this machine. */
export function localUrl({ host, port }) {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/**
 * Throws with every fault of the environment at once, or with the fault of TZDATA_DIR. server/env.ts is TypeScript, so
 * this can be asked only when the packages are installed; what the start script itself provides is not asked for.
 */
export async function requireUsable(environment) {
  const { tsImport } = await import("tsx/esm/api");
  const { parseEnv } = await tsImport("../../server/env.ts", import.meta.url);
  const { requireZones } = await tsImport("../../server/zones.ts", import.meta.url);
  const provided = { REDIS_URL: "redis://127.0.0.1", CLICKHOUSE_URL: "http://127.0.0.1" };
  const given = parseEnv({ ...provided, ...environment });
  if (given.TZDATA_DIR) requireZones({ tzdataDir: given.TZDATA_DIR });
  return given;
}
