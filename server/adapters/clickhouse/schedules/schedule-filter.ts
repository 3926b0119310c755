import type { ScheduleQuery, ScheduleSort } from "~/server/ports/store/schedules";
import { byText, byTime, type SortKey } from "../sql/sort-key";
import { instant } from "../sql/time-columns";
import { Where } from "../sql/where";

/** The `due_at` of schedules that cannot be due, such as paused schedules (migration 0001). */
const NEVER_DUE = "toDateTime64('2299-12-31 00:00:00', 3, 'UTC')";

/** `due_at` is the time before jitter. */
const OVERDUE = `due_at < ${instant("overdue_before")} - toIntervalSecond(jitter_seconds)`;

export type ScheduleFilter = Omit<ScheduleQuery, "sort" | "descending" | "limit" | "cursor">;

/** The filters as a condition on a row of `event_schedules`; deleted rows never match. */
export function scheduleWhere(filter: ScheduleFilter): Where {
  const where = new Where()
    .and("NOT deleted")
    .when(filter.enabled, "enabled = {enabled:Bool}", "enabled")
    .when(filter.status, "status IN {status:Array(String)}", "status")
    .when(filter.tag, "hasAny(tags, {tag:Array(String)})", "tag")
    .when(filter.topic, "topic IN {topic:Array(String)}", "topic")
    .when(filter.entityType, "entity_type = {entity_type:String}", "entity_type")
    .when(filter.action, "action = {action:String}", "action")
    .when(filter.cronExpression, "ifNull(cron_expression = {cron:String}, 0)", "cron")
    .when(filter.timezone, "timezone = {timezone:String}", "timezone")
    .when(filter.source, "source IN {source:Array(String)}", "source")
    .when(filter.sourceIdPrefix, "ifNull(startsWith(source_id, {source_id:String}), 0)", "source_id")
    .when(filter.tier, "tier = {tier:String}", "tier")
    .when(filter.dueBefore, `ifNull(next_execution < ${instant("due_before")}, 0)`, "due_before")
    .when(filter.dueAfter, `ifNull(next_execution >= ${instant("due_after")}, 0)`, "due_after")
    .when(filter.pausedUntilBefore, `ifNull(paused_until < ${instant("paused_until")}, 0)`, "paused_until")
    .when(filter.overdueBefore, OVERDUE, "overdue_before");
  where.topicsIn(filter.topicPrefixes);
  if (filter.q) addTextSearch(where, filter.q);
  if (filter.kind !== undefined) where.and(`cron_expression IS ${filter.kind === "recurring" ? "NOT NULL" : "NULL"}`);
  if (filter.failing) where.and("ifNull(last_status IN ('dead', 'expired'), 0)");
  return where;
}

/**
 * The filter as a condition on the projection by due time. Null unless the filter is for active schedules and uses only
 * columns of the projection. Excludes active schedules without a next time.
 */
export function dueWhere(filter: ScheduleFilter): Where | null {
  const { status, tier, dueBefore, dueAfter, ...others } = filter;
  const isActive = status?.length === 1 && status[0] === "active";
  if (!isActive || String(scheduleWhere(others)) !== String(scheduleWhere({}))) return null;
  return new Where()
    .and(`due_at < ${NEVER_DUE}`)
    .when(tier, "tier = {tier:String}", "tier")
    .when(dueBefore, `due_at < ${instant("due_before")}`, "due_before")
    .when(dueAfter, `due_at >= ${instant("due_after")}`, "due_after");
}

/**
 * Restricts to schedules that contain the text. A text of one line that cannot be part of an id is searched in `words`,
 * whose index skips granules without the text. LIKE is the only operator that uses this index.
 */
function addTextSearch(where: Where, text: string): void {
  const mayBeOfIds = /^[0-9a-fA-F-]*$/.test(text);
  if (mayBeOfIds || text.includes("\n")) where.and("position(search, lowerUTF8({q:String})) > 0", { q: text });
  else where.and("words LIKE lowerUTF8({q:String})", { q: `%${text.replace(/[\\%_]/g, "\\$&")}%` });
}

export const SORTS: Readonly<Record<ScheduleSort, SortKey>> = {
  name: byText("name", "lowerUTF8(name)", true),
  next_execution: byTime("next_execution", true),
  last_execution: byTime("last_execution", true),
  created_at: byTime("created_at", false),
  updated_at: byTime("updated_at", false),
  error_count: {
    name: "error_count",
    key: "error_count",
    mayBeNull: false,
    value: "toInt64(error_count)",
    type: "number",
    placeholder: (param) => `{${param}:Int64}`,
  },
};
/** The due time is `NEVER_DUE` if a schedule cannot be due. */
export const BY_DUE: SortKey = byTime("due_at", false);
