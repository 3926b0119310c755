import type { Page } from "@playwright/test";
import type { Screen } from "./photograph";
import type { Subjects } from "./prepare";

const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name }).first().click();
};
const openPalette = (text: string) => async (page: Page) => {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /^Search schedules/ }).fill(text);
};

/** The setup page, which exists only while there is no account. */
export const emptySetup = (setupToken: string): Screen[] => [
  { name: "setup", path: `/setup?token=${setupToken}`, as: "nobody" },
];
/** The pages of an installation without schedules. */
export const EMPTY: readonly Screen[] = [
  { name: "empty-overview", path: "/" },
  { name: "empty-wall", path: "/wall" },
  { name: "empty-schedules", path: "/schedules" },
  { name: "empty-executions", path: "/executions" },
  { name: "empty-in-flight", path: "/executions?view=in-flight" },
  { name: "empty-failures", path: "/executions?view=failures" },
  { name: "empty-upcoming", path: "/upcoming" },
  { name: "empty-firings", path: "/upcoming?tab=firings" },
  { name: "empty-analytics", path: "/analytics" },
  { name: "empty-dead-letters", path: "/dead-letters" },
  { name: "empty-bulk", path: "/bulk" },
  { name: "empty-audit", path: "/audit" },
  { name: "empty-system-topics", path: "/system/topics" },
  { name: "empty-settings-topics", path: "/settings/topics" },
  { name: "empty-settings-api-keys", path: "/settings/api-keys" },
];

/** The pages of an installation with the demo data. */
export const full = ({
  reminders,
  paused,
  oneTime,
  busy,
  retried,
  dead,
  skipped,
  job,
  fromCode,
}: Subjects): Screen[] => [
  { name: "overview", path: "/" },
  { name: "wall", path: "/wall" },
  { name: "schedules", path: "/schedules" },
  { name: "schedules-recurring-filtered", path: "/schedules?tab=recurring&tag=nightly&sort=name" },
  { name: "schedules-last-run", path: "/schedules?tab=recurring&sort=-last_execution" },
  { name: "schedules-none-match", path: "/schedules?q=nothing-is-called-like-this" },
  { name: "schedules-views", path: "/schedules?tag=nightly", open: press("Views") },
  { name: "schedules-columns", path: "/schedules", open: press("Columns") },
  { name: "schedule", path: `/schedules/${busy}` },
  { name: "schedule-paused", path: `/schedules/${paused}` },
  { name: "schedule-one-time", path: `/schedules/${oneTime}` },
  { name: "schedule-why", path: `/schedules/${reminders.id}?why=${reminders.skippedAt}` },
  ...["executions", "upcoming", "payload", "versions", "activity"].map((tab) => ({
    name: `schedule-${tab}`,
    path: `/schedules/${reminders.id}?tab=${tab}`,
  })),
  { name: "schedule-analytics", path: `/schedules/${busy}?tab=analytics` },
  { name: "schedule-run-now", path: `/schedules/${busy}`, open: press("Run now") },
  { name: "schedule-pause", path: `/schedules/${busy}`, open: press("Pause") },
  { name: "schedules-code", path: "/schedules?tag=payroll" },
  { name: "schedule-code", path: `/schedules/${fromCode.applied}` },
  { name: "schedule-code-edited", path: `/schedules/${fromCode.edited}` },
  { name: "schedule-new-recurring", path: "/schedules/new" },
  {
    name: "schedule-new-one-time",
    path: "/schedules/new",
    open: async (page) => {
      await page.getByText("One-time", { exact: true }).click();
    },
  },
  { name: "schedule-edit", path: `/schedules/${reminders.id}/edit` },
  { name: "schedule-duplicate", path: `/schedules/${reminders.id}/duplicate` },
  { name: "executions", path: "/executions" },
  { name: "executions-failed", path: "/executions?range=7d&status=dead" },
  { name: "executions-in-flight", path: "/executions?view=in-flight" },
  { name: "executions-failures", path: "/executions?view=failures&range=7d" },
  // The address opens the sheet. With `open`, the picture shows only the window.
  { name: "executions-sheet", path: `/executions?range=7d&open=${retried}`, open: async () => {} },
  { name: "execution-retried", path: `/executions/${retried}` },
  { name: "execution-dead", path: `/executions/${dead}` },
  { name: "execution-skipped", path: `/executions/${skipped}` },
  { name: "upcoming", path: "/upcoming" },
  { name: "upcoming-7d", path: "/upcoming?range=7d" },
  { name: "upcoming-firings", path: "/upcoming?tab=firings" },
  { name: "upcoming-outage", path: "/upcoming?tab=outage" },
  { name: "analytics", path: "/analytics" },
  { name: "analytics-7d", path: "/analytics?range=7d" },
  { name: "dead-letters", path: "/dead-letters" },
  { name: "dead-letters-refused", path: "/dead-letters?tab=refused" },
  { name: "bulk", path: "/bulk" },
  { name: "bulk-job", path: `/bulk/${job}` },
  { name: "audit", path: "/audit" },
  { name: "audit-verified", path: "/audit", open: press("Verify chain") },
  { name: "audit-entry", path: "/audit", open: (page) => page.getByText("Edited schedule").first().click() },
  { name: "system", path: "/system" },
  { name: "system-topics", path: "/system/topics" },
  { name: "system-pause-all", path: "/system", open: press("Pause all…") },
  { name: "system-diagnosis", path: "/system", open: press("Diagnosis") },
  { name: "settings", path: "/settings" },
  {
    name: "settings-assistants",
    path: "/settings",
    open: (page) => page.getByText("Require an end for schedules of assistants").first().scrollIntoViewIfNeeded(),
  },
  { name: "settings-topics", path: "/settings/topics" },
  { name: "settings-users", path: "/settings/users" },
  { name: "settings-roles", path: "/settings/roles" },
  { name: "settings-api-keys", path: "/settings/api-keys" },
  { name: "account", path: "/account" },
  { name: "docs", path: "/docs" },
  { name: "docs-guide", path: "/docs/time-zones" },
  { name: "docs-as-code", path: "/docs/as-code" },
  { name: "docs-api", path: "/docs/api" },
  // Only the window, because the page is very long.
  { name: "docs-api-calls", path: "/docs/api/schedules", open: async () => {} },
  { name: "docs-signed-out", path: "/docs", as: "nobody" },
  { name: "not-found", path: "/no-such-page" },
  { name: "palette", path: "/", open: openPalette("") },
  { name: "palette-search", path: "/", open: openPalette("pause invoice") },
  { name: "login", path: "/login", as: "nobody" },
  { name: "viewer-overview", path: "/", as: "viewer" },
  { name: "viewer-schedules", path: "/schedules", as: "viewer" },
  { name: "viewer-schedule", path: `/schedules/${busy}`, as: "viewer" },
  { name: "viewer-new", path: "/schedules/new", as: "viewer" },
  { name: "viewer-dead-letters", path: "/dead-letters", as: "viewer" },
  { name: "viewer-system", path: "/system", as: "viewer" },
  { name: "viewer-settings", path: "/settings", as: "viewer" },
  { name: "viewer-users", path: "/settings/users", as: "viewer" },
];

/** Pages while all firing is paused. */
export const PAUSED: readonly Screen[] = [
  { name: "paused-all-overview", path: "/" },
  { name: "paused-all-system", path: "/system" },
  { name: "paused-all-wall", path: "/wall" },
  { name: "paused-all-resume", path: "/schedules", open: press("Resume all") },
];
