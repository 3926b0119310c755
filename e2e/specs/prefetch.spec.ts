import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("a list prefetches the page of a schedule once its link has the pointer, and no other", async ({
  page,
  context,
  request,
}) => {
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
  const asked: string[] = [];
  page.on("request", (one) => new URL(one.url()).searchParams.has("_rsc") && asked.push(new URL(one.url()).pathname));
  await page.goto(`/schedules?tag=${tag}`);
  const link = page.getByRole("link", { name: `${tag} 2` });
  await expect(link).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(asked).toEqual([]);
  // A pointer on a page that does not listen yet goes unseen; a person's would move again.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await link.hover();
    expect(asked).not.toEqual([]);
  }).toPass();
  expect(new Set(asked)).toEqual(new Set([new URL((await link.getAttribute("href")) ?? "", page.url()).pathname]));
});
