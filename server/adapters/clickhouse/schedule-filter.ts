import { epochMs, instant, Where } from "./sql";
import type { ScheduleQuery, ScheduleSort } from "./store-types";

export type ScheduleFilter = Omit<ScheduleQuery, "sort" | "descending" | "limit" | "cursor">;

/** The filters as a condition on one row of `event_schedules`; deleted rows never match. */
export function scheduleWhere(filter: ScheduleFilter): Where {
  const where = new Where()
    .and("NOT deleted")
    .when(filter.q, "position(search, lowerUTF8({q:String})) > 0", "q")
    .when(filter.enabled, "enabled = {enabled:Bool}", "enabled")
    .when(filter.status, "status IN {status:Array(String)}", "status")
    .when(filter.tag, "hasAny(tags, {tag:Array(String)})", "tag")
    .when(filter.topic, "topic IN {topic:Array(String)}", "topic")
    .when(filter.entityType, "entity_type = {entity_type:String}", "entity_type")
    .when(filter.action, "action = {action:String}", "action")
    .when(filter.source, "source IN {source:Array(String)}", "source")
    .when(filter.tier, "tier = {tier:String}", "tier")
    .when(filter.dueBefore, `ifNull(next_execution < ${instant("due_before")}, 0)`, "due_before")
    .when(filter.dueAfter, `ifNull(next_execution >= ${instant("due_after")}, 0)`, "due_after")
    .when(filter.pausedUntilBefore, `ifNull(paused_until < ${instant("paused_until")}, 0)`, "paused_until")
    .when(filter.overdueAt, `due_at < ${instant("overdue_at")}`, "overdue_at");
  if (filter.kind !== undefined) where.and(`cron_expression IS ${filter.kind === "recurring" ? "NOT NULL" : "NULL"}`);
  if (filter.failing) where.and("ifNull(last_status IN ('dead', 'expired'), 0)");
  return where;
}

/** What a list may be sorted by: an expression over the row, and what its values are in a cursor. */
export interface SortKey {
  name: string;
  expression: string;
  type: "string" | "number";
}

export const SORTS: Readonly<Record<ScheduleSort, SortKey>> = {
  name: { name: "name", expression: "lowerUTF8(name)", type: "string" },
  next_execution: { name: "next_execution", expression: epochMs("next_execution"), type: "number" },
  last_execution: { name: "last_execution", expression: epochMs("last_execution"), type: "number" },
  created_at: { name: "created_at", expression: epochMs("created_at"), type: "number" },
  updated_at: { name: "updated_at", expression: epochMs("updated_at"), type: "number" },
  error_count: { name: "error_count", expression: "toInt64(error_count)", type: "number" },
};
/** Soonest first, over what can be due at all. */
export const BY_DUE: SortKey = { name: "due_at", expression: epochMs("due_at"), type: "number" };
export const BY_ID: SortKey = { name: "schedule_id", expression: "schedule_id", type: "string" };
