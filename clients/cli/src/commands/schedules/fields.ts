import { type Schedule, stringifyJson } from "@stufio/schedules-client";
import { outcomeCell, statusCell } from "../../output/cells.js";
import type { Cell, Show } from "../../output/table.js";

/** The fields of a schedule, for a table. */
export function scheduleFields(one: Schedule, show: Show): [string, Cell][] {
  const payload = stringifyJson(one.payload);
  return [
    ["id", one.schedule_id],
    ["name", one.name],
    ["status", statusCell(one.status)],
    ...optional("description", one.description),
    ...optional("tags", one.tags.join(", ")),
    ["topic", one.topic],
    ["event", `${one.entity_type}${one.entity_id === null ? "" : ` ${one.entity_id}`}: ${one.action}`],
    ...(one.cron_expression === null
      ? ([["time", show.time(one.execution_time)]] as [string, Cell][])
      : ([["cron", `${one.cron_expression} (${one.timezone})`]] as [string, Cell][])),
    ["next run", show.time(one.next_execution)],
    ["last run", show.time(one.last_execution)],
    ["last status", outcomeCell(one.last_status)],
    ...optional("last error", one.last_error),
    ["runs", `${one.execution_count}, ${one.error_count} dead`],
    ...(one.status === "paused" ? pauseFields(one, show) : []),
    ["retries", `${one.max_retries}, the first within ${one.retry_delay_seconds} s`],
    ["payload", payload],
    ["tier", one.tier],
    ["version", one.version],
    ["created", `${show.time(one.created_at)} by ${one.created_by}`],
    ["updated", show.time(one.updated_at)],
  ];
}

function pauseFields(one: Schedule, show: Show): [string, Cell][] {
  const until = one.paused_until === null ? "" : ` until ${show.time(one.paused_until)}`;
  return [["paused", `${show.time(one.paused_at)} by ${one.paused_by}${until}`], ...optional("note", one.pause_note)];
}

const optional = (name: string, value: string | null): [string, Cell][] => (value ? [[name, value]] : []);
