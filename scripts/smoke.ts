import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { parseArgumentsOrExit } from "./cli/arguments";
import { localUrl, readEnvironment } from "./start/environment.mjs";

/* `npm run smoke` checks over REST that a running installation works (contract §3). */
const USAGE = `Usage: npm run smoke -- [--key KEY]
  --key   an API key with the rights of an editor; ADMIN_API_KEY by default
BASE_URL is the address of the web app. Default: http://HOST:PORT, where HOST defaults to 127.0.0.1 and PORT to 3000.
Exits with 1 if a check fails.`;
const values = parseArgumentsOrExit(USAGE, { key: { type: "string" }, help: { type: "boolean", short: "h" } });
const environment: Record<string, string | undefined> = readEnvironment(new URL("..", import.meta.url).pathname);
const { HOST: host = "127.0.0.1", PORT: port = "3000" } = environment;
const BASE_URL = (environment.BASE_URL ?? localUrl({ host, port })).replace(/\/$/, "");
const KEY = values.key ?? environment.ADMIN_API_KEY;
const EXECUTED_WITHIN_MS = 60_000;
const DAY_MS = 86_400_000;
/** The states of executions that have not ended. */
const IN_FLIGHT = ["pending", "running", "retrying", "held"];

const Created = z.object({ schedule_id: z.uuid(), tier: z.enum(["redis", "clickhouse"]) });
const Executions = z.object({ items: z.array(z.object({ status: z.string(), error: z.string().nullish() })) });
const Stats = z.object({ pending: z.number(), workers: z.array(z.unknown()).min(1, "no worker is running") });
const Summary = z.object({ totals: z.object({ total: z.number() }) });

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${BASE_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return text === "" ? null : JSON.parse(text);
}

/** Prints one line and exits with 1 if nothing answers. */
async function requireAnswer(): Promise<void> {
  try {
    await fetch(`${BASE_URL}/api/live`, { signal: AbortSignal.timeout(15_000) });
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = (cause as Error | undefined)?.message || message;
    console.error(
      `Nothing answers at ${BASE_URL}: ${reason}. Start the product, or set its address: BASE_URL=http://HOST:PORT npm run smoke`,
    );
    process.exit(1);
  }
}

async function schedule(input: { name: string; delayMs: number }) {
  const created = await call("POST", "/admin/schedules", {
    name: `smoke ${input.name} ${randomUUID()}`,
    topic: "stufio.smoke",
    entity_type: "smoke",
    action: "check",
    payload: { from: "scripts/smoke.ts" },
    tags: ["smoke"],
    execution_time: new Date(Date.now() + input.delayMs).toISOString(),
  });
  return Created.parse(created);
}

/** Polls until the event has been published. Throws if it ended otherwise, or after EXECUTED_WITHIN_MS. */
async function untilPublished(scheduleId: string): Promise<void> {
  const deadline = Date.now() + EXECUTED_WITHIN_MS;
  while (Date.now() < deadline) {
    const { items } = Executions.parse(await call("GET", `/admin/schedules/${scheduleId}/executions`));
    const done = items.find(({ status }) => !IN_FLIGHT.includes(status));
    if (done?.status === "succeeded") return;
    if (done) throw new Error(`it ended as ${done.status}: ${done.error ?? "no reason given"}`);
    await pause(500);
  }
  throw new Error(`no outcome within ${EXECUTED_WITHIN_MS / 1000} s`);
}

let failures = 0;

/** Runs one check and prints its result. Returns null if it failed. */
async function check<T>(title: string, run: () => Promise<T>, detail: (value: T) => string): Promise<T | null> {
  try {
    const value = await run();
    console.log(`✓ ${title}: ${detail(value)}`);
    return value;
  } catch (error) {
    failures += 1;
    console.log(`✗ ${title}: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`);
    return null;
  }
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (!KEY) {
    console.error("An API key is needed: ADMIN_API_KEY=… npm run smoke, or npm run smoke -- --key …");
    process.exit(2);
  }
  await requireAnswer();
  const health = () => call("GET", "/api/v1/schedules/monitoring/health").then(z.object({ status: z.string() }).parse);
  await check("Services initialized", health, ({ status }) => status);
  const immediate = await check(
    "Immediate event scheduled",
    () => schedule({ name: "immediate", delayMs: 1000 }),
    inTier("redis"),
  );
  const longTerm = await check(
    "Long-term event scheduled",
    () => schedule({ name: "long-term", delayMs: 30 * DAY_MS }),
    inTier("clickhouse"),
  );
  if (immediate) {
    await check(
      "Immediate event executed",
      () => untilPublished(immediate.schedule_id),
      () => "it was published",
    );
  }
  const stats = () => call("GET", "/api/v1/schedules/monitoring/stats").then(Stats.parse);
  await check("Scheduler stats retrieved", stats, (got) => `${got.pending} pending, ${got.workers.length} worker(s)`);
  const summary = () => call("GET", "/api/v1/schedules/monitoring/analytics/summary?hours=1").then(Summary.parse);
  await check("Analytics working", summary, ({ totals }) => `${totals.total} execution(s) in the last hour`);
  if (longTerm)
    await check(
      "Long-term event deleted",
      () => call("DELETE", `/admin/schedules/${longTerm.schedule_id}`),
      () => longTerm.schedule_id,
    );
  console.log(failures === 0 ? "All checks passed." : `${failures} check(s) failed.`);
  process.exit(failures === 0 ? 0 : 1);
}

/** Returns a function that throws if a schedule is in another tier. */
function inTier(tier: "redis" | "clickhouse") {
  return (created: z.infer<typeof Created>) => {
    if (created.tier !== tier) throw new Error(`${created.schedule_id} is in ${created.tier}, expected in ${tier}`);
    return `${created.schedule_id}, in ${tier}`;
  };
}

await main();
