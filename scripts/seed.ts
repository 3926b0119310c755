import { z } from "zod";
import { createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import { createRedis } from "~/server/adapters/redis/connection/client";
import { createSharedKeys } from "~/server/adapters/redis/keys";
import { createLossNotes } from "~/server/adapters/redis/shared-state/loss-notes";
import { chooseZones } from "~/server/adapters/tz/choose";
import { loadZones } from "~/server/domain/recurrence";
import { type Env, parseEnv } from "~/server/env";
import { redisAccess } from "~/server/redis-access";
import { readCertificates } from "~/server/tls-files";
import { argumentsOr } from "./cli/arguments";
import { seed } from "./seed/run";

/*
 * `npm run seed -- --schedules N --executions M --days D`: generates realistic schedules and history inside ClickHouse,
 * for benchmarks, demos and screenshots.
 */
const USAGE = `Usage: npm run seed -- [--schedules N] [--executions M] [--days D] [--if-empty]
  --schedules   number of schedules, 1000 by default
  --executions  number of history rows, 100000 by default
  --days        length of the history in days, 14 by default
  --if-empty    does nothing if there are schedules already
Writes to CLICKHOUSE_URL and CLICKHOUSE_DATABASE. \`npm start -- --demo\` seeds its own stack.`;
/** A statement generates a million rows. */
const TIMEOUT_MS = 600_000;

function numberOf(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new Error(`--${name} is ${JSON.stringify(text)}: must be a whole number of at least 0`);
  }
  return value;
}

async function main(): Promise<void> {
  const values = argumentsOr(USAGE, {
    schedules: { type: "string" },
    executions: { type: "string" },
    days: { type: "string" },
    "if-empty": { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const request = {
    schedules: numberOf("schedules", values.schedules, 1000),
    executions: numberOf("executions", values.executions, 100_000),
    days: Math.max(1, numberOf("days", values.days, 14)),
    nowMs: Date.now(),
  };
  if (request.executions > 0 && request.schedules === 0) {
    throw new Error("--executions needs --schedules of at least 1: each history row belongs to a schedule");
  }
  const { CLICKHOUSE_URL: url, CLICKHOUSE_DATABASE: database = "stufio", CLICKHOUSE_CLUSTER: cluster } = process.env;
  const username = process.env.CLICKHOUSE_USER || undefined;
  const password = process.env.CLICKHOUSE_PASSWORD || undefined;
  if (!url) throw new Error("CLICKHOUSE_URL is missing: set the address of the target, such as http://127.0.0.1:8123");
  loadZones(chooseZones({ tzdataDir: process.env.TZDATA_DIR || null }).database);
  const client = createClickHouse({
    url,
    username,
    password,
    database,
    ca: readCertificates("CLICKHOUSE", { ca: process.env.CLICKHOUSE_CA_FILE || undefined }).ca,
    requestTimeoutMs: TIMEOUT_MS,
  });
  try {
    await migrate(client, { database, cluster: cluster || null, withLock: (run) => run() });
    if (values["if-empty"] && (await hasSchedules(client))) {
      console.log("There are schedules already. Nothing was added.");
      return;
    }
    const started = performance.now();
    await seed(client, request, ({ what, done, of }) => {
      console.log(`${what} ${done.toLocaleString("en")} of ${of.toLocaleString("en")}`);
    });
    if (process.env.REDIS_URL && values["if-empty"]) await noteInRedis(parseEnv(process.env));
    console.log(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  } finally {
    await client.close();
  }
}

/** Marks Redis as seeded, so that the worker's first start does not report a lost Redis. */
async function noteInRedis(given: Env): Promise<void> {
  const redis = createRedis(redisAccess(given));
  try {
    await createLossNotes(redis, createSharedKeys(given.REDIS_PREFIX)).markSeeded();
  } finally {
    redis.disconnect();
  }
}

async function hasSchedules(client: ReturnType<typeof createClickHouse>): Promise<boolean> {
  const rows = await client.select(z.object({ n: z.coerce.number() }), {
    sql: "SELECT count() AS n FROM (SELECT 1 FROM event_schedules LIMIT 1)",
  });
  return (rows[0]?.n ?? 0) > 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
