import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { firstLoadBytes } from "../parts/first-load";

const BUILD = fileURLToPath(new URL("../../.next", import.meta.url));
/** The budget of every page without charts or the schedule form. */
const LIST_KB = 250;
const CHARTS_OR_FORM_KB = 350;

/** The budget of a route's first load, in kB of gzip. */
function budgetKb(route: string): number {
  const hasChartsOrScheduleForm = /\(overview\)|\/analytics\/|\/upcoming\/|\/(new|edit|duplicate)\//.test(route);
  return hasChartsOrScheduleForm ? CHARTS_OR_FORM_KB : LIST_KB;
}

test("the first load of every route is within its budget of JavaScript", () => {
  const routes = [...firstLoadBytes(BUILD)];
  const named = routes.map(([route]) => route);
  expect(named).toEqual(expect.arrayContaining(["/(dashboard)/schedules/page", "/(dashboard)/analytics/page"]));
  const over = routes
    .map(([route, bytes]) => ({ route, kb: Math.round(bytes / 1000), budgetKb: budgetKb(route) }))
    .filter((one) => one.kb > one.budgetKb);
  expect(over).toEqual([]);
});
