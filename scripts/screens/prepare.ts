import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContext } from "@playwright/test";
import { createRedis } from "~/server/adapters/redis/connection/client";
import { streamPrefix } from "~/server/adapters/redis/streams/streams-bus";
import { RIGHTS_OF_ROLE } from "~/server/domain/rights";
import { parseEnv } from "~/server/env";
import { redisAccess } from "~/server/redis-access";
import { embeddedRedisUrl, WITHOUT_LOGIN } from "../start/services.mjs";
import { ADMIN, post, rest, VIEWER } from "./calls";
import type { Session } from "./photograph";
import type { Stack } from "./stack";

/** Ids of schedules, executions and a bulk job to show. */
export interface Subjects {
  /** A recurring schedule that was paused, and the time of an occurrence that the pause skipped. */
  reminders: { id: string; skippedAt: string };
  paused: string;
  oneTime: string;
  busy: string;
  retried: string;
  dead: string;
  skipped: string;
  job: string;
  /** Schedules of a document; `edited` was then edited by hand. */
  fromCode: { applied: string; edited: string };
}

const BROKEN_TOPIC = "partner.webhooks";
const DAY_MS = 86_400_000;

/** Creates the first account, an admin, and returns its session. */
export async function createAdmin(browser: Browser, stack: Stack): Promise<Session> {
  const context = await browser.newContext();
  await post(context.request, stack, "/api/auth/setup", { ...ADMIN, token: stack.setupToken });
  const session = await context.storageState();
  await context.close();
  return session;
}

/** Creates a user with the role viewer, and returns the user's session. */
export async function createViewer(browser: Browser, stack: Stack, admin: Session): Promise<Session> {
  const owner = await browser.newContext({ storageState: admin });
  await post(owner.request, stack, "/api/trpc/access.createUser", { ...VIEWER, role: "viewer" });
  await owner.close();
  const context = await browser.newContext();
  await post(context.request, stack, "/api/auth/sign-in", { email: VIEWER.email, password: VIEWER.password });
  const session = await context.storageState();
  await context.close();
  return session;
}

/**
 * Adds data that needs a running stack: a failing topic, a bulk job, saved views, a payload schema, an API key, and a
 * document of schedules.
 */
export async function prepare(browser: Browser, stack: Stack, admin: Session): Promise<Subjects> {
  const context = await browser.newContext({ storageState: admin });
  const trpc = (procedure: string, data: unknown) => post(context.request, stack, `/api/trpc/${procedure}`, data);
  await trpc("views.save", {
    list: "schedules",
    name: "Billing, failing first",
    query: "topic=billing.events&sort=-error_count",
    shared: false,
  });
  await trpc("views.save", { list: "schedules", name: "Nightly", query: "tag=nightly", shared: true });
  await trpc("access.createApiKey", { name: "warehouse-sync", rights: [...RIGHTS_OF_ROLE.editor] });

  await breakTopic(stack);
  for (const [name, action] of [
    ["partner.order-updates", "notify"],
    ["partner.stock-levels", "push"],
  ]) {
    const { schedule_id } = await rest(stack, "POST", "/admin/schedules", {
      name,
      topic: BROKEN_TOPIC,
      entity_type: "webhook",
      action,
      payload: { endpoint: "https://partner.example.org/hooks" },
      cron_expression: "0 * * * *",
      tags: ["partner"],
      max_retries: 8,
    });
    for (let times = 0; times < 4; times++) await rest(stack, "POST", `/admin/schedules/${schedule_id}/execute`);
  }
  await rest(stack, "PUT", "/admin/topics/billing.events/schema", {
    type: "object",
    properties: { source: { type: "string" } },
  });
  const job = await rest(stack, "POST", "/admin/schedules/bulk", {
    action: "pause",
    filter: { topic: ["search.events"] },
    note: "Search cluster is being upgraded",
    until: new Date(Date.now() + DAY_MS).toISOString(),
  });

  const fromCode = await applyDocument(stack);

  await untilLoaded(context, stack);
  await context.close();

  const firstScheduleId = async (query: string): Promise<string> =>
    firstOf<{ schedule_id: string }>((await rest(stack, "GET", `/admin/schedules?limit=1&${query}`)).items, query)
      .schedule_id;
  const executions = async (query: string, daysAgo = 0): Promise<ListedExecution[]> => {
    const to = Date.now() - daysAgo * DAY_MS;
    const range = `from=${new Date(to - 10 * DAY_MS).toISOString()}&to=${new Date(to).toISOString()}`;
    return (await rest(stack, "GET", `/admin/executions?${range}&limit=500&${query}`)).items;
  };
  const remindersId = await firstScheduleId("q=billing.payment-reminders");
  const skipped = firstOf(await executions(`status=skipped&schedule_id=${remindersId}`), "skipped executions");
  const dead = firstOf(
    (await executions("status=dead")).filter((execution) => execution.attempt_count > 1),
    "dead executions with retries",
  );
  // All executions of the demo's night without workers are late. In the ten days that ended four days ago, only retries
  // made runs late.
  const late = await executions("status=late&topic=ops.events", 4);
  const retried = firstOf(
    late.filter((execution) => execution.attempt_count > 1),
    "retried executions",
  );
  return {
    reminders: { id: remindersId, skippedAt: skipped.scheduled_for },
    paused: await firstScheduleId("q=catalog.import-prices"),
    busy: await firstScheduleId("q=crm.sync-contacts"),
    oneTime: await firstScheduleId("kind=one_time"),
    retried: retried.execution_id,
    dead: dead.execution_id,
    skipped: skipped.execution_id,
    job: job.job_id,
    fromCode,
  };
}

/** Applies a document of two schedules, and edits the second by hand. */
async function applyDocument(stack: Stack): Promise<Subjects["fromCode"]> {
  const schedules = [
    { name: "payroll.close-month", cron_expression: "0 6 1 * *", description: "Closes the books of the last month." },
    { name: "payroll.transfer-salaries", cron_expression: "0 9 25 * *", description: "Pays all salaries." },
  ].map((entry) => ({
    ...{ topic: "payroll.events", entity_type: "payroll", action: "run", timezone: "Europe/Berlin", tags: ["payroll"] },
    ...entry,
  }));
  const source = { repository: "https://git.example.org/acme/payroll", file: "schedules.yaml", commit: "4f2c1d9e07ab" };
  await rest(stack, "POST", "/admin/schedules/documents/apply", { owner: "payroll", schedules, source });
  const [applied, edited] = await Promise.all(
    schedules.map(async ({ name }) => {
      const { items } = await rest(stack, "GET", `/admin/schedules?q=${name}`);
      return firstOf<{ schedule_id: string }>(items, name).schedule_id;
    }),
  );
  await rest(stack, "PATCH", "/admin/settings", { values: { refuse_code_edits: false } });
  await rest(stack, "PATCH", `/admin/schedules/${edited}`, { cron_expression: "0 9 24 * *" });
  return { applied: applied as string, edited: edited as string };
}

const MIN_NEXT_RUNS = 20;
const LOADED_TIMEOUT_MS = 60_000;

/** Resolves when Redis has the plans of MIN_NEXT_RUNS schedules, so that the overview lists enough next runs. */
async function untilLoaded(context: BrowserContext, stack: Stack): Promise<void> {
  const until = Date.now() + LOADED_TIMEOUT_MS;
  const input = encodeURIComponent(JSON.stringify({ limit: 200 }));
  for (;;) {
    const response = await context.request.get(`${stack.address}/api/trpc/monitoring.upcoming?input=${input}`);
    if (!response.ok()) throw new Error(`monitoring.upcoming was answered with ${response.status()}`);
    const { result } = (await response.json()) as { result: { data: { scheduleId: string }[] } };
    const planned = new Set(result.data.map(({ scheduleId }) => scheduleId)).size;
    if (planned >= MIN_NEXT_RUNS) return;
    if (Date.now() > until) throw new Error(`Only ${planned} schedules were planned in ${LOADED_TIMEOUT_MS} ms.`);
    await delay(250);
  }
}

interface ListedExecution {
  execution_id: string;
  scheduled_for: string;
  attempt_count: number;
}

function firstOf<T>(items: readonly T[], what: string): T {
  const [first] = items;
  if (!first) throw new Error(`The demo data has no ${what}.`);
  return first;
}

/** Makes every publish to the topic fail: its key in Redis is not a stream. */
async function breakTopic(stack: Stack): Promise<void> {
  const env = parseEnv({
    ...WITHOUT_LOGIN,
    CLICKHOUSE_URL: "http://127.0.0.1",
    REDIS_URL: embeddedRedisUrl(stack.dataDir),
  });
  const redis = createRedis(redisAccess(env));
  try {
    await redis.set(`${streamPrefix(env.REDIS_PREFIX)}${BROKEN_TOPIC}`, "not a stream");
  } finally {
    redis.disconnect();
  }
}
