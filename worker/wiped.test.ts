import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Container } from "~/server/container";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { createApiKey, createUser, openCtx } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { runCleanup } from "~/server/services/monitoring";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { createSchedule, getSchedule, toggleSchedule } from "~/server/services/schedules";
import { listSettings, saveSettings } from "~/server/services/settings";
import { anExecution } from "~/server/testing/executions";
import { signIn } from "~/server/testing/sign-in";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

/* Redis is wiped while the processes run: a web container in this process and a worker in its own process. */

const RESTORE_LIMIT_MS = 10_000;
const DAY_MS = 86_400_000;
const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery";

let stack: TestStack;
let web: Container;
let ctx: Ctx;
let secret: string;
let close: () => Promise<void>;
const workers: WorkerProcess[] = [];
const old = anExecution({ scheduledFor: Date.now() - 200 * DAY_MS });

beforeAll(async () => {
  stack = await startTestStack();
  Object.assign(process.env, stack.env, { LOG_LEVEL: "silent" });
  // Imported here, because the container reads the environment that the stack has set.
  const { openContainer, closeContainer } = await import("~/server/container");
  web = await openContainer("web");
  close = closeContainer;
  ctx = { deps: web.deps, principal: SYSTEM_PRINCIPAL, requestId: "test" };
  await createUser({ ctx, input: { email: EMAIL, name: "Ann", role: "admin", password: PASSWORD } });
  ({ secret } = await createApiKey({ ctx, input: { name: "ci", rights: ["schedules:edit"] } }));
  await saveSettings({ ctx, input: { values: { executionHistoryTtlDays: 365 } } });
  await runCleanup({ ctx, input: { dryRun: false } });
  await web.deps.store.insertBatch({ token: "old", schedules: [], executions: [old] });
}, 120_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.end("SIGKILL");
});
afterAll(async () => {
  await close?.();
  await stack?.stop();
});

async function work(): Promise<void> {
  workers.push(await startWorkerProcess({ ...stack.env, LOG_LEVEL: "info" }));
}

/** Deletes all keys of this stack at once, like FLUSHALL. */
async function wipe(): Promise<void> {
  const script = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end";
  await stack.redis.eval(script, 0, `${stack.prefix}*`);
}

/** Checks that the user can sign in, the API key is accepted, and the saved setting is listed. */
async function expectAccessAndSetting(): Promise<void> {
  const { principal } = await signIn({
    ctx: { ...ctx, principal: null },
    input: { email: EMAIL, password: PASSWORD },
    browser: { ip: null, userAgent: null, device: null },
  });
  expect(principal).toMatchObject({ email: EMAIL, role: "admin" });
  const headers = new Headers({ authorization: `Bearer ${secret}` });
  expect((await openCtx({ deps: web.deps, headers })).ctx.principal).toMatchObject({ rights: ["schedules:edit"] });
  const { items } = await listSettings({ ctx });
  expect(items.find(({ name }) => name === "executionHistoryTtlDays")).toMatchObject({ value: 365, source: "page" });
}

/** Checks that the saved retention applies, and that a row is kept that the default retention would delete. */
async function expectHistory(): Promise<void> {
  expect(await web.deps.store.retention()).toMatchObject({ historyDays: 365 });
  expect(await web.deps.store.getExecution(old.executionId)).toMatchObject({ executionId: old.executionId });
}

test("without a worker, accounts, API keys and settings are restored within 10 s", {
  timeout: 60_000,
}, async () => {
  await wipe();
  // Without requests: the process detects the loss itself.
  await eventually(async () => ((await web.deps.hot.isCopied(DOCUMENT_KIND.account)) ? true : null), {
    what: "the accounts are back",
    timeoutMs: RESTORE_LIMIT_MS,
  });
  await expectAccessAndSetting();
  await wipe();
  // Immediately, by the first request.
  await expectAccessAndSetting();
  expect(web.deps.settings.current().executionHistoryTtlDays).toBe(365);
  await runCleanup({ ctx, input: { dryRun: false } });
  await expectHistory();
});

test("with workers, schedules, names and the ends of pauses are restored too, and a cleanup does not shorten the retention", {
  timeout: 120_000,
}, async () => {
  await work();
  const event = { topic: "wiped", entityType: "x", action: "y" };
  const make = async (name: string, cronExpression: string) =>
    (await createSchedule({ ctx, input: { ...event, name, cronExpression } })).schedule.scheduleId;
  const near = await make("near", "* * * * * *");
  const far = await make("far", "0 0 1 1 *");
  const paused = await make("paused", "* * * * * *");
  const until = Date.now() + 3_600_000;
  await toggleSchedule({ ctx, input: { scheduleId: paused, enabled: false, until } });
  const recorded = async () => {
    const rows = await web.deps.store.getSchedules([near, far, paused]);
    return rows.length === 3 && rows.some((row) => row.pausedUntil !== null) ? true : null;
  };
  await eventually(recorded, { what: "all is in ClickHouse" });

  await wipe();
  for (const name of ["near", "far", "paused"]) {
    await expect(make(name, "0 0 1 1 *"), name).rejects.toMatchObject({ code: "name_taken" });
  }
  await expectAccessAndSetting();
  // A worker that starts now reads its settings and runs the cleanup first.
  await work();
  const back = async () => ((await web.deps.hot.epoch()) === null ? null : true);
  await eventually(back, { what: "Redis is rebuilt", timeoutMs: RESTORE_LIMIT_MS });
  expect(await stack.redis.zscore(`${stack.prefix}until`, paused)).toBe(String(until));
  for (const [name, id] of Object.entries({ near, far, paused })) {
    expect(await stack.redis.get(`${stack.prefix}name:${name}`), name).toBe(id);
    expect((await getSchedule({ ctx, input: { scheduleId: id } })).name).toBe(name);
  }
  const fired = await stack.redis.xlen(`${stack.prefix}bus:wiped`);
  const fires = async () => ((await stack.redis.xlen(`${stack.prefix}bus:wiped`)) > fired ? true : null);
  await eventually(fires, { what: "it fires again" });
  await runCleanup({ ctx, input: { dryRun: false } });
  await expectHistory();
});
