import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { setUpFirstAdmin } from "../../pages/access-pages";
import { checkEverywhere, errorsOf } from "../../parts/accessibility";
import { type OwnStack, startOwnStack } from "../../parts/own-stack";
import { createPython, type Python } from "../../parts/python";
import { checkGeneratedInputs, installSchemathesis } from "../../parts/schemathesis";

/* `npm start -- --ephemeral --virtual-clock`. The last test leaves arbitrary data behind. */
test.describe.configure({ mode: "serial", timeout: 300_000 });

const KEY = "key-of-the-virtual-clock-0123456789";

let folder: string;
let stack: OwnStack;
let setupUrl: string | undefined;
let python: Promise<Python>;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stufio-ephemeral-test-"));
  // While the stack starts.
  python = createPython(folder).then(async (run) => {
    await installSchemathesis(run);
    return run;
  });
  // A failure is reported by the test that awaits it.
  python.catch(() => {});
  stack = await startOwnStack({
    args: ["--ephemeral", "--virtual-clock"],
    env: { TMPDIR: folder, ADMIN_API_KEY: KEY },
  });
  [, setupUrl] = await stack.printed(/(http:\S+\/setup\?token=\S+)/);
});
test.afterAll(async () => {
  // The folder is removed last, even after a failure, because the stack and Python write to it until they end.
  try {
    await stack?.stop();
    expect(data()).toEqual([]);
  } finally {
    await python?.catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The data of the stack. tsx has a folder of its own there. */
const data = () => readdirSync(folder).filter((name) => name.startsWith("stufio-ephemeral-"));

async function call(method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  const answer = await fetch(stack.address + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

async function idsOf(list: string, field: string): Promise<string[]> {
  const { items } = (await call("GET", list)).body as { items: Record<string, string>[] };
  return items.map((item) => item[field] as string);
}

/** The virtual time that a page shows, epoch ms. */
async function shownTime(page: Page): Promise<number> {
  const strip = page.getByRole("complementary", { name: "Virtual clock" });
  await expect(strip).toContainText(/^Virtual time \d+ \w+ \d{4}, \d\d:\d\d:\d\d /);
  return Date.parse((await strip.getByRole("time").getAttribute("datetime")) ?? "");
}

test("npm start -- --ephemeral --virtual-clock runs a day at once, shows its time, and keeps no data", async ({
  page,
}) => {
  expect(data()).toHaveLength(1);
  const errors = errorsOf(page);
  await page.goto(`${stack.address}/docs`);
  expect(Math.abs((await shownTime(page)) - Date.now())).toBeLessThan(60_000);
  await setUpFirstAdmin(page, setupUrl as string);
  await page.goto(`${stack.address}/settings`);
  expect(Math.abs((await shownTime(page)) - Date.now())).toBeLessThan(60_000);
  const definition = { topic: "t", cron_expression: "0 * * * *", catch_up: { policy: "all" } };
  const created = await call("POST", "/admin/schedules", definition);
  const { now: before } = (await call("GET", "/api/v1/test/clock")).body;
  const moved = await call("POST", "/api/v1/test/clock", { advance: "P1D" });
  expect(moved).toMatchObject({ status: 200, body: { target: null } });
  const passedMs = Date.parse(moved.body.now) - Date.parse(before);
  expect(passedMs).toBeGreaterThanOrEqual(86_400_000);
  // The open page follows.
  await expect.poll(async () => (await shownTime(page)) - Date.parse(moved.body.now)).toBeGreaterThanOrEqual(0);
  await checkEverywhere(page, "virtual clock", { depth: "brief" });
  expect(errors).toEqual([]);
  const runs = await call("GET", `/admin/schedules/${created.body.schedule_id}/executions?limit=100`);
  const items = runs.body.items as { status: string; lateness_ms: number }[];
  expect(items.map(({ status }) => status)).toEqual(Array(24).fill("succeeded"));
  expect(Math.max(...items.map((one) => one.lateness_ms))).toBeLessThan(30_000);
  expect(await call("POST", "/api/v1/test/clock", { now: before })).toMatchObject({
    status: 422,
    body: { errors: [{ field: "now", message: "is in the past of the virtual clock" }] },
  });
  expect(await call("POST", "/api/v1/test/clock", { advance: "1 hour" })).toMatchObject({
    status: 422,
    body: { errors: [{ field: "advance", message: expect.stringContaining("such as PT1H") }] },
  });
  expect((await call("GET", "/api/v1/openapi.json")).body.paths).toHaveProperty("/api/v1/test/clock");
});

test("every operation but the one that moves the clock answers generated inputs as documented", async () => {
  const schedules = await idsOf("/admin/schedules?limit=10", "schedule_id");
  const executions = await idsOf("/admin/executions?limit=10", "execution_id");
  const spare = await call("POST", "/admin/schedules", { topic: "t", cron_expression: "0 * * * *" });
  const deletable = spare.body.schedule_id as string;
  const ids = { schedules, executions, deletable };
  const report = await checkGeneratedInputs(await python, { address: stack.address, apiKey: KEY, folder, ids });
  const { operations, test_cases: cases, running_time: seconds, leftOut } = report;
  console.log(
    `schemathesis: ${operations.tested} of ${operations.total} operations, ${cases.generated} cases, ` +
      `${cases.with_failures} failures, ${Math.round(seconds)} s`,
  );
  expect(operations).toMatchObject({ tested: operations.total - leftOut, errored: 0 });
  expect(cases).toMatchObject({ with_failures: 0, errored: 0 });
  expect((await call("GET", `/admin/schedules/${deletable}`)).status).toBe(404);
  // Otherwise a generated call has revoked the key, and the others were refused.
  expect((await call("GET", "/admin/schedules")).status).toBe(200);
});
