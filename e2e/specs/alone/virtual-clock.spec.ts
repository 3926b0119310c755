import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { setUpFirstAdmin } from "../../pages/access-pages";
import { checkEverywhere, errorsOf } from "../../parts/accessibility";
import { startOwnStack } from "../../parts/own-stack";

const KEY = "key-of-the-virtual-clock-0123456789";

/** The virtual time that a page shows, epoch ms. */
async function shownTime(page: Page): Promise<number> {
  const strip = page.getByRole("complementary", { name: "Virtual clock" });
  await expect(strip).toContainText(/^Virtual time \d+ \w+ \d{4}, \d\d:\d\d:\d\d /);
  return Date.parse((await strip.getByRole("time").getAttribute("datetime")) ?? "");
}

test("npm start -- --ephemeral --virtual-clock runs a day at once, shows its time, and keeps no data", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "stufio-ephemeral-test-"));
  const stack = await startOwnStack({
    args: ["--ephemeral", "--virtual-clock"],
    env: { TMPDIR: folder, ADMIN_API_KEY: KEY },
  });
  // tsx has a folder of its own there.
  const data = () => readdirSync(folder).filter((name) => name.startsWith("stufio-ephemeral-"));
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    const answer = await fetch(stack.address + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  try {
    const [, setupUrl] = await stack.printed(/(http:\S+\/setup\?token=\S+)/);
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
  } finally {
    await stack.stop();
  }
  expect(data()).toEqual([]);
  rmSync(folder, { recursive: true });
});
