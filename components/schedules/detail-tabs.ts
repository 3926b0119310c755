/** The tabs of a schedule's page, in their order. */
export const DETAIL_TABS = [
  "overview",
  "executions",
  "upcoming",
  "analytics",
  "payload",
  "versions",
  "activity",
] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

export const TAB_LABELS: Record<DetailTab, string> = {
  overview: "Overview",
  executions: "Executions",
  upcoming: "Upcoming",
  analytics: "Analytics",
  payload: "Payload",
  versions: "Versions",
  activity: "Activity",
};
