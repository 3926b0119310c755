import { z } from "zod";
import type { ExecutionStore } from "~/server/ports/store/executions";
import type { ClickHouse } from "../connection/client";
import { errorShapeSql } from "../sql/error-shape";
import { epochMs } from "../sql/time-columns";
import { Where } from "../sql/where";
import { executionWhere } from "./executions-table";

/** Maximum number of grouped failures, newest first. */
const MAX_FAILURES = 100_000;
const MAX_GROUPS = 100;

const Group = z.object({
  class: z.string(),
  shape: z.string(),
  n: z.int(),
  open: z.int(),
  schedules: z.int(),
  top: z.array(z.tuple([z.string(), z.string()])),
  error: z.string(),
  first: z.int(),
  last: z.int(),
  id: z.string(),
  total: z.int(),
});
const Seen = z.object({ class: z.string(), shape: z.string(), first: z.int() });

/** The dead executions of a range, grouped by error class and shape, and when each group was first seen. */
export async function failureGroups(
  client: ClickHouse,
  input: Parameters<ExecutionStore["failureGroups"]>[0],
): ReturnType<ExecutionStore["failureGroups"]> {
  const { query, previousFromMs } = input;
  const where = executionWhere({ ...query, status: ["dead"] });
  const before = executionWhere({ ...query, fromMs: previousFromMs, toMs: query.fromMs, status: ["dead"] });
  const [groups, previous] = await Promise.all([groupsOf(client, where), firstAmong(client, before)]);
  const rollup = await firstSeen(client, groups, query.topicPrefixes);
  const keyOf = (group: { class: string; shape: string }) => JSON.stringify([group.class, group.shape]);
  const inPrevious = new Map(previous.map((row) => [keyOf(row), row.first]));
  const inRollup = new Map(rollup.map((row) => [keyOf(row), row.first]));
  return {
    isComplete: (groups[0]?.total ?? 0) < MAX_FAILURES && groups.length < MAX_GROUPS,
    groups: groups.map((group) => {
      const key = keyOf(group);
      const seen = [group.first, inPrevious.get(key), inRollup.get(key)].filter((ms) => ms !== undefined);
      return {
        errorClass: group.class === "" ? null : group.class,
        shape: group.shape,
        error: group.error,
        count: group.n,
        open: group.open,
        scheduleCount: group.schedules,
        schedules: group.top.map(([scheduleId, name]) => ({ scheduleId, scheduleName: name === "" ? null : name })),
        firstAt: group.first,
        lastAt: group.last,
        firstSeenAt: Math.min(...seen),
        isNew: !inPrevious.has(key),
        lastExecutionId: group.id,
      };
    }),
  };
}

/** The newest matching failures, without large columns and duplicates. */
const failures = (where: Where) => `SELECT execution_id, schedule_id, schedule_name, ended_at, error,
    ifNull(toString(error_class), '') AS class, ${errorShapeSql("error")} AS shape
  FROM schedule_execution_results WHERE ${where}
  ORDER BY scheduled_for DESC LIMIT 1 BY execution_id LIMIT ${MAX_FAILURES}`;

function groupsOf(client: ClickHouse, where: Where): Promise<z.infer<typeof Group>[]> {
  return client.select(Group, {
    sql: `SELECT class, shape, count() AS n,
        countIf(execution_id NOT IN (SELECT key FROM dead_letter_decisions)) AS open,
        uniqExact(schedule_id) AS schedules, topK(3)((schedule_id, ifNull(schedule_name, ''))) AS top,
        argMax(substringUTF8(ifNull(error, ''), 1, 500), ended_at) AS error,
        ${epochMs("min(ended_at)")} AS first, ${epochMs("max(ended_at)")} AS last, argMax(execution_id, ended_at) AS id,
        sum(count()) OVER () AS total
      FROM (${failures(where)}) GROUP BY class, shape ORDER BY n DESC, class, shape LIMIT ${MAX_GROUPS}`,
    params: where.params,
  });
}

/** When each error class and shape of the matching failures occurred first. */
function firstAmong(client: ClickHouse, where: Where): Promise<z.infer<typeof Seen>[]> {
  return client.select(Seen, {
    sql: `SELECT class, shape, ${epochMs("min(ended_at)")} AS first FROM (${failures(where)}) GROUP BY class, shape`,
    params: where.params,
  });
}

/** The first hour with each error, in the roll-up, which by default is kept for longer than the ledger. */
function firstSeen(
  client: ClickHouse,
  groups: readonly { class: string; shape: string }[],
  topicPrefixes: readonly string[] | undefined,
): Promise<z.infer<typeof Seen>[]> {
  if (groups.length === 0) return Promise.resolve([]);
  const where = new Where()
    .and(
      `(toString(error_class), shape) IN (
        SELECT pair.1, pair.2 FROM (SELECT arrayJoin(arrayZip({classes:Array(String)}, {shapes:Array(String)})) AS pair))`,
      { classes: groups.map((one) => one.class), shapes: groups.map((one) => one.shape) },
    )
    .topicsIn(topicPrefixes);
  return client.select(Seen, {
    sql: `SELECT toString(error_class) AS class, shape, toInt64(toUnixTimestamp(min(bucket))) * 1000 AS first
      FROM schedule_error_metrics
      WHERE ${where} GROUP BY class, shape`,
    params: where.params,
  });
}
