import { expect, type Page } from "@playwright/test";
import { ALL_PAGES, FILTERED_EMPTY, MAIN_PAGES, MISSING_PAGES, pathWith } from "../../pages/all-pages";
import { signInByApi } from "../../pages/sign-in-by-api";
import { openAsViewer } from "../../pages/viewer";
import { addStyles, checkEverywhere, errorsOf, settled } from "../../parts/accessibility";
import { test } from "../../parts/demo-stack";
import { lookAtPages } from "../../parts/look-at-pages";
import { restClient } from "../../parts/rest";

/*
 * The pages with data. Specs in `alone/` check the pages without data and during an outage.
 */
test.describe.configure({ timeout: 900_000 });

let ids: { schedule: string; execution: string; job: string };

test.beforeAll(async ({ playwright, stack }) => {
  const request = await playwright.request.newContext({ baseURL: stack.address });
  const rest = restClient(request);
  const found = await rest.get("/admin/schedules?q=crm.sync-contacts");
  const schedule: string = found.body.items[0].schedule_id;
  const dead = await rest.get(`/admin/schedules/${schedule}/executions?status=dead&limit=1`);
  const bulk = { action: "retag", ids: [schedule], add_tags: ["looked-at"], remove_tags: [] };
  const job = await rest.post("/admin/schedules/bulk", bulk);
  ids = { schedule, execution: dead.body.items[0].execution_id, job: job.body.job_id };
  await request.dispose();
});

test("every page is accessible, does not scroll sideways and logs no error", async ({ context }) => {
  await signInByApi(context);
  const errors = await lookAtPages(context, { state: "full", paths: ALL_PAGES.map(({ path }) => pathWith(path, ids)) });
  expect(errors).toEqual([]);
});

test("empty results and missing pages are accessible and log no error", async ({ context }) => {
  await signInByApi(context);
  const errors = await lookAtPages(context, {
    state: "nothing found",
    depth: "brief",
    paths: [...FILTERED_EMPTY, ...MISSING_PAGES],
  });
  expect(errors.filter((line) => !/status of 4\d\d/.test(line))).toEqual([]);
});

test("every page is accessible for a viewer and has no button for a main action", async ({ context, browser }) => {
  await signInByApi(context);
  const viewer = await openAsViewer(context, browser);
  const errors = await lookAtPages(viewer, {
    state: "viewer",
    depth: "brief",
    paths: MAIN_PAGES.map(({ path }) => pathWith(path, ids)),
    async opened(page, path) {
      const offered = page.getByRole("button", {
        name: /^(Run now|Pause|Resume|Delete|Replay|Discard)$/,
        disabled: false,
      });
      await expect(offered, path).toHaveCount(0);
    },
  });
  expect(errors.filter((line) => !line.includes("403 (Forbidden)"))).toEqual([]);
  await viewer.close();
});

interface Opened {
  path: string;
  open(page: Page): Promise<void>;
  widths?: number[];
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole("button", { name, exact: true }).first().click();
const DIALOGS: Record<string, Opened> = {
  "run now": { path: "/schedules/:schedule", open: press("Run now") },
  pause: { path: "/schedules/:schedule", open: press("Pause") },
  delete: {
    path: "/schedules/:schedule",
    async open(page) {
      await press("More actions")(page);
      await page.getByRole("menuitem", { name: "Delete…" }).click();
    },
  },
  replay: { path: "/executions/:execution", open: press("Replay") },
  palette: { path: "/", open: (page) => page.keyboard.press("ControlOrMeta+k") },
  diagnosis: { path: "/system", open: press("Diagnosis") },
  shortcuts: { path: "/system", open: (page) => page.keyboard.press("?") },
  "account menu": { path: "/account", open: press(/^Account of/) },
  "time range": { path: "/executions", open: press(/^Last 24/) },
  "export menu": { path: "/schedules", open: press("Export") },
  "columns menu": { path: "/schedules", open: press("Columns") },
  "saved views": { path: "/audit", open: press("Views") },
  "topic filter": { path: "/schedules", open: (page) => page.getByLabel("Topic", { exact: true }).click() },
  navigation: { path: "/bulk", open: press("Open navigation"), widths: [390] },
};

test("dialogs and menus are accessible while they are open", async ({ context }) => {
  await signInByApi(context);
  const errors: string[] = [];
  const queue = Object.entries(DIALOGS);
  const look = async (page: Page) => {
    errorsOf(page, errors);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [name, { path, open, widths = [1280, 390] }] = next;
      await page.setViewportSize({ width: widths[0] as number, height: 900 });
      await page.goto(pathWith(path, ids));
      await settled(page);
      const shown = page
        .locator("[role=dialog],[role=alertdialog],[role=menu],[role=listbox]")
        .filter({ visible: true });
      // A click before hydration has no effect.
      await expect(async () => {
        if ((await shown.count()) === 0) await open(page);
        await expect(shown.first()).toBeVisible({ timeout: 2000 });
      }, name).toPass();
      // Targets of the page behind may by chance be too close to targets of the open layer.
      await addStyles(page, "main { visibility: hidden !important; }");
      await checkEverywhere(page, `${name} open`, { widths });
    }
  };
  await Promise.all([look(await context.newPage()), look(await context.newPage())]);
  expect(errors).toEqual([]);
});
