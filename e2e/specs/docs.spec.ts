import { expect, test } from "@playwright/test";
import { DashboardFrame } from "../pages/dashboard-frame";
import { signInByApi } from "../pages/sign-in-by-api";
import { lookAtPages } from "../parts/look-at-pages";

/* The documentation in the dashboard. Specs of `demo` and `alone` look at its first page too. */

test("the documentation is readable and accessible without an account", async ({ context }) => {
  const paths = ["/docs", "/docs/time-zones", "/docs/messages", "/docs/api", "/docs/api/bulk-jobs"];
  const errors = await lookAtPages(context, {
    state: "signed out",
    depth: "brief",
    paths,
    opened: async (page) => {
      await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
    },
  });
  expect(errors).toEqual([]);
});

test("every linked page exists, and every call of the OpenAPI document has a section", async ({ request }) => {
  const overview = await (await request.get("/docs")).text();
  const pages = new Set(Array.from(overview.matchAll(/href="(\/docs\/[\w/-]+)"/g), ([, href]) => href as string));
  expect(pages.size).toBeGreaterThan(15);
  let sections = "";
  for (const path of pages) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(200);
    sections += await answer.text();
  }
  const { paths } = await (await request.get("/api/v1/openapi.json")).json();
  const ids = Object.values(paths as Record<string, Record<string, { operationId: string }>>).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(ids.filter((id) => !sections.includes(`id="${id}"`))).toEqual([]);
  expect((await request.get("/docs/no-such-guide")).status()).toBe(404);
  expect((await request.get("/docs/api/no-such-tag")).status()).toBe(404);
});

test("the palette finds headings and calls, with an index that is loaded with the first search", async ({
  page,
  context,
}) => {
  await signInByApi(context);
  const loads: string[] = [];
  page.on("request", (sent) => {
    if (sent.url().includes("/docs/search-index")) loads.push(sent.url());
  });
  const input = page.getByRole("combobox", { name: /^Search schedules/ });
  const openPalette = () =>
    expect(async () => {
      await page.keyboard.press("ControlOrMeta+k");
      await expect(input).toBeVisible({ timeout: 2000 });
    }).toPass();
  const found = page.getByRole("group", { name: "Documentation" });

  await page.goto("/settings");
  await openPalette();
  expect(loads).toEqual([]);
  await input.fill("time occurs twice");
  await found.getByRole("option", { name: /^When a time occurs twice/ }).click();
  await page.waitForURL("**/docs/time-zones#when-a-time-occurs-twice");
  await expect(page.getByRole("heading", { name: /^When a time occurs twice/ })).toBeInViewport();
  await expect(new DashboardFrame(page).navigation()).toBeVisible();

  await openPalette();
  await input.fill("create a schedule");
  await found.getByRole("option", { name: /^Create a schedule/ }).click();
  await page.waitForURL("**/docs/api/schedules#createSchedule");
  await expect(page.getByRole("heading", { name: "Create a schedule" })).toBeInViewport();
  expect(loads).toHaveLength(1);
});
