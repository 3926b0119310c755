/** A page of the product. In its path, `:schedule`, `:execution` and `:job` are ids. */
export interface ProductPage {
  path: string;
  /** The object whose id the path contains. A stack without data has no such object. */
  needs?: "schedule" | "execution" | "job";
}

const SCHEDULE_TABS = ["executions", "upcoming", "payload", "analytics", "versions", "activity"];

/** The pages that a signed-in user opens, with most of their tabs and views. */
export const ALL_PAGES: readonly ProductPage[] = [
  { path: "/" },
  { path: "/schedules" },
  { path: "/schedules?tab=paused" },
  { path: "/schedules/new" },
  { path: "/schedules/:schedule", needs: "schedule" },
  ...SCHEDULE_TABS.map((tab) => ({ path: `/schedules/:schedule?tab=${tab}`, needs: "schedule" as const })),
  { path: "/schedules/:schedule/edit", needs: "schedule" },
  { path: "/schedules/:schedule/duplicate", needs: "schedule" },
  { path: "/executions" },
  { path: "/executions?view=in-flight" },
  { path: "/executions?view=failures" },
  { path: "/executions/:execution", needs: "execution" },
  { path: "/executions?open=:execution", needs: "execution" },
  { path: "/dead-letters" },
  { path: "/dead-letters?tab=refused" },
  { path: "/bulk" },
  { path: "/bulk/:job", needs: "job" },
  { path: "/upcoming" },
  { path: "/upcoming?range=7d" },
  { path: "/upcoming?tab=firings" },
  { path: "/upcoming?tab=outage" },
  { path: "/analytics" },
  { path: "/audit" },
  { path: "/settings" },
  { path: "/settings/topics" },
  { path: "/settings/users" },
  { path: "/settings/roles" },
  { path: "/settings/api-keys" },
  { path: "/system" },
  { path: "/system/topics" },
  { path: "/account" },
  // e2e/specs/docs.spec.ts looks at the other pages of the documentation.
  { path: "/docs" },
  { path: "/wall" },
];

/** Each of these pages once, without its tabs and views. */
export const MAIN_PAGES = ALL_PAGES.filter(({ path }) => !path.includes("?"));

/** Lists whose filter matches nothing. */
export const FILTERED_EMPTY = [
  "/schedules?q=nothing-is-called-like-this",
  "/executions?status=dead&q=nothing-is-called-like-this",
  "/dead-letters?q=nothing-is-called-like-this",
  "/audit?actor=nobody-is-called-like-this",
];

/** An id that no object has. */
const MISSING = "0190f3a0-0000-7000-8000-00000000000a";

/** Addresses of pages and objects that do not exist. */
export const MISSING_PAGES = [
  `/schedules/${MISSING}`,
  `/schedules/${MISSING}/edit`,
  `/executions/${MISSING}`,
  `/executions?open=${MISSING}`,
  `/bulk/${MISSING}`,
  "/schedules/not-an-id",
  "/no-such-page",
];

export function pathWith(path: string, ids: { schedule?: string; execution?: string; job?: string }): string {
  return path.replace(/:(schedule|execution|job)/g, (_, name: keyof typeof ids) => ids[name] ?? "");
}
