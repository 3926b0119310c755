import { expect } from "@playwright/test";
import { signInByApi } from "../../pages/sign-in-by-api";
import { test } from "../../parts/empty-stack";
import { restClient } from "../../parts/rest";

test.afterEach(async ({ request }) => {
  await restClient(request).post("/admin/system/resume-all", {});
});

test("an admin pauses all firing with a typed confirmation, and pages show the pause until an admin ends it", async ({
  context,
  page,
  request,
}) => {
  await signInByApi(context);
  await page.goto("/system");
  await page.getByRole("button", { name: "Pause all…" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox", { name: "Note" }).fill("Provider is down, INC-2041");
  const confirm = dialog.getByRole("button", { name: "Pause all" });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: "to confirm" }).fill("pause all");
  await confirm.click();
  await expect(dialog).toBeHidden();

  const banner = page.getByRole("status", { name: "Pause of all firing" });
  await expect(banner).toContainText("All firing is paused");
  const rest = restClient(request);
  expect((await rest.get("/admin/system/pause-all")).body).toMatchObject({
    paused: true,
    reason: "Provider is down, INC-2041",
    until: null,
  });
  // The pause is no fault of a service.
  await page.reload();
  const firing = page.getByRole("list", { name: "Capabilities" }).getByRole("listitem").filter({ hasText: "Firing" });
  await expect(firing).toContainText("Paused");
  await expect(page.getByRole("table", { name: "Services" }).getByRole("row", { name: "Workers" })).toContainText("Up");
  await expect(page.locator("main")).not.toContainText(/\dT\d\d:\d\d/);
  for (const path of ["/", "/schedules", "/executions"]) {
    await page.goto(path);
    await expect(banner).toContainText("Provider is down, INC-2041");
  }

  await banner.getByRole("button", { name: "Resume all" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Resume all" }).click();
  await expect(banner).toBeEmpty();
  expect((await rest.get("/admin/system/pause-all")).body).toMatchObject({ paused: false });
});
