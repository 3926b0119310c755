import type { Position } from "~/server/domain/cursor";
import { latestEffectiveTime } from "~/server/domain/jitter";
import { type Schedule, scheduleStatus } from "~/server/domain/schedule";
import type { ScheduleQuery } from "~/server/ports/store/schedules";

/** Whether a row that ClickHouse does not have yet matches the filter of the store's query. */
export function matchesQuery(schedule: Schedule, query: ScheduleQuery): boolean {
  const { state } = schedule;
  const within = <T>(wanted: readonly T[] | undefined, value: T) =>
    wanted === undefined || wanted.length === 0 || wanted.includes(value);
  const due = state.nextExecution;
  return (
    (query.q === undefined || query.q === "" || searchableText(schedule).includes(query.q.toLowerCase())) &&
    (query.enabled === undefined || schedule.enabled === query.enabled) &&
    within(query.status, scheduleStatus(schedule)) &&
    (query.tag === undefined || query.tag.length === 0 || query.tag.some((tag) => schedule.tags.includes(tag))) &&
    within(query.topic, schedule.topic) &&
    (query.entityType === undefined || schedule.entityType === query.entityType) &&
    (query.action === undefined || schedule.action === query.action) &&
    within(query.source, schedule.source) &&
    (query.sourceIdPrefix === undefined || (schedule.sourceId ?? "").startsWith(query.sourceIdPrefix)) &&
    (query.tier === undefined || state.tier === query.tier) &&
    (query.kind === undefined || (schedule.cronExpression !== null) === (query.kind === "recurring")) &&
    (query.cronExpression === undefined || schedule.cronExpression === query.cronExpression) &&
    (query.timezone === undefined || schedule.timezone === query.timezone) &&
    (!query.failing || state.lastStatus === "dead" || state.lastStatus === "expired") &&
    (query.dueBefore === undefined || (due !== null && due < query.dueBefore)) &&
    (query.dueAfter === undefined || (due !== null && due >= query.dueAfter)) &&
    (query.overdueBefore === undefined ||
      (scheduleStatus(schedule) === "active" &&
        due !== null &&
        latestEffectiveTime(due, schedule.jitterSeconds) < query.overdueBefore))
  );
}

function searchableText(s: Schedule): string {
  return [s.name ?? "", s.description, s.scheduleId, s.correlationId, ...s.tags].join("\n").toLowerCase();
}

type Order = Pick<ScheduleQuery, "sort" | "descending">;

/** Compares in the list's order. Rows without a value come last, and equal values are ordered by id. */
export function compareBy(order: Order): (a: Schedule, b: Schedule) => number {
  return (a, b) => comparePositions(order, positionOf(a, order), positionOf(b, order));
}

export function positionOf(schedule: Schedule, { sort }: Order): Position {
  return { value: sortValue(schedule, sort), id: schedule.scheduleId };
}

/** Negative if `a` comes before `b` in the list's order. */
export function comparePositions({ descending }: Order, a: Position, b: Position): number {
  const sign = descending ? -1 : 1;
  if (a.value === null || b.value === null) {
    if (a.value !== b.value) return a.value === null ? 1 : -1;
  } else if (a.value !== b.value) {
    return a.value < b.value ? -sign : sign;
  }
  return a.id < b.id ? -sign : a.id > b.id ? sign : 0;
}

function sortValue(schedule: Schedule, sort: ScheduleQuery["sort"]): string | number | null {
  switch (sort) {
    case "name":
      return schedule.name?.toLowerCase() ?? null;
    case "next_execution":
      return schedule.state.nextExecution;
    case "last_execution":
      return schedule.state.lastExecution;
    case "created_at":
      return schedule.createdAt;
    case "updated_at":
      return schedule.updatedAt;
    case "error_count":
      return schedule.state.errorCount;
  }
}
