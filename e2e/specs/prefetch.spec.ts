import { expect, test } from "@playwright/test";
import { DashboardFrame } from "../pages/dashboard-frame";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("a list prefetches only the page of a schedule whose link is hovered", async ({ page, context, request }) => {
  const tag = `prefetch-${Date.now()}`;
  const rest = restClient(request);
  for (const n of [1, 2, 3]) {
    await rest.post("/admin/schedules", {
      name: `${tag} ${n}`,
      tags: [tag],
      topic: "e2e.prefetch",
      entity_type: "page",
      action: "look",
      cron_expression: "0 3 * * *",
    });
  }
  await signInByApi(context);
  const prefetched: string[] = [];
  page.on(
    "request",
    (one) => new URL(one.url()).searchParams.has("_rsc") && prefetched.push(new URL(one.url()).pathname),
  );
  await page.goto(`/schedules?tag=${tag}`);
  const link = page.getByRole("link", { name: `${tag} 2` });
  await expect(link).toBeVisible();
  // A page shows "Live" after hydration, so any prefetch would have started.
  await expect(new DashboardFrame(page).liveIndicator()).toHaveText(/^Live/);
  expect(prefetched).toEqual([]);
  // A hover before hydration has no effect.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await link.hover();
    expect(prefetched).not.toEqual([]);
  }).toPass();
  expect(new Set(prefetched)).toEqual(new Set([new URL((await link.getAttribute("href")) ?? "", page.url()).pathname]));
});
