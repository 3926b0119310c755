import { SETTING_GROUPS, SETTING_LABELS, settingAnchor } from "~/components/settings/setting-groups";

/** Views and sections below the pages of the navigation. The palette lists them once the user types. */
export const PLACES: readonly { href: string; label: string; keywords?: string }[] = [
  { href: "/schedules?tab=failing", label: "Schedules: failing", keywords: "error dead" },
  { href: "/schedules?tab=paused", label: "Schedules: paused", keywords: "disabled" },
  { href: "/schedules?tab=overdue", label: "Schedules: overdue", keywords: "stuck late" },
  { href: "/schedules?tab=recurring", label: "Schedules: recurring", keywords: "cron" },
  { href: "/schedules?tab=one-time", label: "Schedules: one-time", keywords: "once" },
  { href: "/executions?status=dead,expired", label: "Executions: failed", keywords: "error dead expired" },
  { href: "/executions?status=late", label: "Executions: late", keywords: "lateness slow" },
  { href: "/executions?view=in-flight", label: "Executions: in flight", keywords: "running retrying pending held" },
  { href: "/executions?view=failures", label: "Executions: errors", keywords: "failures grouped error class" },
  { href: "/upcoming?tab=firings", label: "Upcoming: next runs", keywords: "firings list" },
  { href: "/upcoming?tab=outage", label: "Upcoming: outage simulator", keywords: "downtime missed catch up" },
  { href: "/dead-letters?tab=refused", label: "Dead letters: refused messages", keywords: "delayed topic" },
  { href: "/bulk", label: "Bulk jobs", keywords: "progress undo" },
  { href: "/system#pause-all", label: "System: pause all firing", keywords: "stop halt maintenance resume emergency" },
  { href: "/system/topics", label: "System: topics", keywords: "published failing breaker schema" },
  { href: "/system#workers", label: "System: workers", keywords: "loops alive" },
  { href: "/system#breakers", label: "System: breakers", keywords: "held topic open" },
  { href: "/system#quarantine", label: "System: quarantine", keywords: "unreadable data" },
  { href: "/system#time-zones", label: "System: time zone rules", keywords: "tzdata dst" },
  { href: "/settings/topics", label: "Settings: topic rules", keywords: "payload json schema protection" },
  { href: "/settings/users", label: "Settings: users", keywords: "accounts roles" },
  { href: "/settings/roles", label: "Settings: roles", keywords: "rights scope namespaces" },
  { href: "/settings/api-keys", label: "Settings: API keys", keywords: "token rights service accounts" },
  ...SETTING_GROUPS.flatMap(({ names }) => names).map((name) => ({
    href: `/settings#${settingAnchor(name)}`,
    label: `Setting: ${SETTING_LABELS[name]}`,
    // The name of a setting and its words, so that "max retries" finds `maxRetries`.
    keywords: `${name} ${name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")}`,
  })),
  { href: "/account", label: "Account", keywords: "password sessions preferences theme zone density" },
];
