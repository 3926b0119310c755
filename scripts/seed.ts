import { parseArgumentsOrExit } from "./cli/arguments";
import { seed } from "./seed/run";
import { openTarget } from "./seed/target";

/*
 * `npm run seed` generates a large number of schedules and executions in ClickHouse, for benchmarks and for trying the
 * dashboard with a large amount of data.
 */
const USAGE = `Usage: npm run seed -- [--schedules N] [--executions M] [--days D]
  --schedules   number of schedules, 1000 by default
  --executions  number of history rows, 100000 by default
  --days        length of the history in days, 14 by default
Writes to CLICKHOUSE_URL and CLICKHOUSE_DATABASE.`;

function numberOf(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new Error(`--${name} is ${JSON.stringify(text)}: must be a whole number of at least 0`);
  }
  return value;
}

async function main(): Promise<void> {
  const values = parseArgumentsOrExit(USAGE, {
    schedules: { type: "string" },
    executions: { type: "string" },
    days: { type: "string" },
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
  const client = await openTarget();
  try {
    const started = performance.now();
    await seed(client, request, ({ what, done, total }) => {
      console.log(`${what} ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`);
    });
    console.log(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  } finally {
    await client.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
