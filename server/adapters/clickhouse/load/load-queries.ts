import { z } from "zod";
import { CatchUp, DstGap, DstOverlap } from "~/server/domain/schedule";
import type {
  LoadFilter,
  LoadMember,
  LoadSpan,
  LoadStore,
  OneTimeLoad,
  OutageGroup,
  RecurrenceGroups,
} from "~/server/ports/store/load";
import type { ClickHouse } from "../connection/client";
import { newestInOrder } from "../paging/newest-pages";
import { byTime } from "../sql/sort-key";
import { epochMs, instant } from "../sql/time-columns";
import { Where } from "../sql/where";

/** A schedule cannot use up this many remaining runs in the span: the longest span has fewer seconds. */
const UNREACHABLE_RUNS = 3_000_000;
/** Maximum number of topics, and of tags, returned for a group, those with the most schedules first. */
const NAMES_PER_GROUP = 50;
/** Maximum rows of each count of one-time schedules: by minute, by topic and bucket, and by tag and bucket. */
const MAX_LOAD_ROWS = 50_000;
/** Number of schedules per group for which the jitter is computed. */
const SAMPLE_SIZE = 20;

/*
 * Schedules are grouped by everything that determines their times. A bound or a run limit that is not reached in the
 * span counts as none, so that it does not split a group.
 */
const GROUP_COLUMNS = {
  cron: "assumeNotNull(cron_expression)",
  zone: "timezone",
  gap: "dst_gap",
  overlap: "dst_overlap",
  starts: `if(start_at > ${instant("from")}, ${epochMs("start_at")}, NULL)`,
  ends: `if(end_at < ${instant("to")}, ${epochMs("end_at")}, NULL)`,
  jitter: "jitter_seconds",
  runs_left: `if(max_runs - runs_taken < ${UNREACHABLE_RUNS}, toInt64(max_runs) - toInt64(runs_taken), NULL)`,
} as const;
const GROUP_NAMES = Object.keys(GROUP_COLUMNS).join(", ");
const GROUP_SELECT = Object.entries(GROUP_COLUMNS)
  .map(([name, sql]) => `${sql} AS ${name}`)
  .join(", ");
/** In the key, 0 stands for null. No bound is at the epoch, and a schedule with no runs left is completed. */
const keyOf = (sql: Record<keyof typeof GROUP_COLUMNS, string>) => `hex(sipHash128(${sql.cron}, ${sql.zone}, ${sql.gap},
  ${sql.overlap}, ifNull(${sql.starts}, 0), ifNull(${sql.ends}, 0), ${sql.jitter}, ifNull(${sql.runs_left}, 0)))`;
const GROUP_KEY = keyOf(GROUP_COLUMNS);
/** The same key from the column names of the inner query, so that each group is hashed once, not each schedule. */
const KEY_OF_NAMES = keyOf({
  cron: "cron",
  zone: "zone",
  gap: "gap",
  overlap: "overlap",
  starts: "starts",
  ends: "ends",
  jitter: "jitter",
  runs_left: "runs_left",
});

const groupRow = {
  cron: z.string(),
  zone: z.string(),
  gap: DstGap,
  overlap: DstOverlap,
  starts: z.int().nullable(),
  ends: z.int().nullable(),
  jitter: z.int(),
  runs_left: z.int().nullable(),
  members: z.int(),
  all_members: z.int(),
  all_groups: z.int(),
};
const GroupRow = z.object({
  ...groupRow,
  enabled: z.boolean(),
  group_key: z.string(),
  /** Lists are read as texts: validating thousands of lists at once would block the event loop for too long. */
  topic_names: z.string(),
  topic_counts: z.string(),
  tag_names: z.string(),
  tag_counts: z.string(),
});
const OutageRow = z.object({
  ...groupRow,
  policy: CatchUp.shape.policy,
  window_seconds: z.int(),
  catch_up_runs: z.int(),
  max_delay: z.int(),
  sample_ids: z.array(z.string()),
});

function groupOf(row: z.infer<z.ZodObject<typeof groupRow>>) {
  return {
    cronExpression: row.cron,
    timezone: row.zone,
    dstGap: row.gap,
    dstOverlap: row.overlap,
    startAt: row.starts,
    endAt: row.ends,
    jitterSeconds: row.jitter,
    runsLeft: row.runs_left,
    schedules: row.members,
  };
}

/** Pairs names, one per line, with numbers of schedules. `names` is "" both for no name and for one empty name. */
function countsOf(names: string, numbers: string): { name: string; schedules: number }[] {
  const counts = z.array(z.int()).parse(JSON.parse(numbers));
  return counts.length === 0 ? [] : names.split("\n").map((name, i) => ({ name, schedules: counts[i] ?? 0 }));
}

/** The tags of a row, or the tag "" for a row without tags. */
const TAGS = "if(empty(tags), [''], arrayDistinct(tags))";
const TAGS_OF_TOPIC = `sumMap(${TAGS}, arrayWithConstant(length(${TAGS}), toUInt64(1))) AS tag_sums`;
const TAGS_OF_GROUP = `sumMap(tag_sums.1, tag_sums.2) AS all_tags,
  arraySlice(arrayReverseSort(arrayZip(all_tags.2, all_tags.1)), 1, ${NAMES_PER_GROUP}) AS ranked_tags,
  arrayStringConcat(ranked_tags.2, '\\n') AS tag_names, toString(ranked_tags.1) AS tag_counts`;
const NO_TAGS = "'' AS tag_names, '[]' AS tag_counts";

const totals = (rows: readonly { all_members: number; all_groups: number }[]) => ({
  schedules: rows[0]?.all_members ?? 0,
  distinct: rows[0]?.all_groups ?? 0,
});

function filterWhere(filter: LoadFilter): Where {
  return new Where()
    .and("NOT deleted AND NOT completed")
    .when(filter.topic, "topic IN {topic:Array(String)}", "topic")
    .topicsIn(filter.topicPrefixes)
    .when(filter.tag, "hasAny(tags, {tag:Array(String)})", "tag")
    .when(filter.exceptId, "schedule_id != {except_id:String}", "except_id");
}

function recurringWhere({ fromMs, toMs, filter }: LoadSpan & { filter: LoadFilter }): Where {
  return (
    filterWhere(filter)
      .and("cron_expression IS NOT NULL")
      .and(`ifNull(start_at < ${instant("to")}, 1)`, { to: toMs })
      .and(`ifNull(end_at >= ${instant("from")}, 1)`, { from: fromMs })
      // If the next occurrence is after the span, none is in the span.
      .and(`NOT enabled OR ifNull(next_execution < ${instant("to")}, 1)`)
  );
}

export async function recurrenceGroups(
  client: ClickHouse,
  input: Parameters<LoadStore["recurrenceGroups"]>[0],
): ReturnType<LoadStore["recurrenceGroups"]> {
  const where = recurringWhere(input);
  const rows = await client.select(GroupRow, {
    sql: `SELECT *, sum(members) OVER (PARTITION BY enabled) AS all_members, count() OVER (PARTITION BY enabled) AS all_groups
      FROM (
        SELECT ${KEY_OF_NAMES} AS group_key, enabled, ${GROUP_NAMES}, sum(of_topic) AS members,
          arraySlice(arrayReverseSort(groupArray((of_topic, toString(topic)))), 1, ${NAMES_PER_GROUP}) AS ranked,
          arrayStringConcat(ranked.2, '\\n') AS topic_names, toString(ranked.1) AS topic_counts,
          ${input.tags ? TAGS_OF_GROUP : NO_TAGS}
        FROM (
          SELECT enabled, ${GROUP_SELECT}, topic, count() AS of_topic${input.tags ? `, ${TAGS_OF_TOPIC}` : ""}
          FROM event_schedules FINAL WHERE ${where} GROUP BY enabled, ${GROUP_NAMES}, topic)
        GROUP BY enabled, ${GROUP_NAMES})
      ORDER BY members DESC, group_key LIMIT {limit:UInt32} BY enabled`,
    params: { ...where.params, limit: input.limit },
  });
  const groupsOfState = (enabled: boolean): RecurrenceGroups => {
    const ofState = rows.filter((row) => row.enabled === enabled);
    return {
      groups: ofState.map((row) => ({
        ...groupOf(row),
        key: row.group_key,
        topics: countsOf(row.topic_names, row.topic_counts).map(({ name, ...rest }) => ({ topic: name, ...rest })),
        tags: countsOf(row.tag_names, row.tag_counts).map(({ name, ...rest }) => ({ tag: name, ...rest })),
      })),
      ...totals(ofState),
    };
  };
  return { enabled: groupsOfState(true), paused: groupsOfState(false) };
}

export async function outageGroups(
  client: ClickHouse,
  input: Parameters<LoadStore["outageGroups"]>[0],
): ReturnType<LoadStore["outageGroups"]> {
  const where = recurringWhere(input).and("enabled");
  const POLICY_COLUMNS = "policy, window_seconds, catch_up_runs, max_delay";
  const rows = await client.select(OutageRow, {
    sql: `SELECT *, sum(members) OVER () AS all_members, count() OVER () AS all_groups FROM (
        SELECT ${GROUP_SELECT}, catch_up_policy AS policy, catch_up_window_seconds AS window_seconds,
          catch_up_max_runs AS catch_up_runs, max_delay_seconds AS max_delay, count() AS members,
          groupArraySample(${SAMPLE_SIZE}, 1)(schedule_id) AS sample_ids
        FROM event_schedules FINAL WHERE ${where} GROUP BY ${GROUP_NAMES}, ${POLICY_COLUMNS})
      ORDER BY members DESC, cron, zone LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: input.limit },
  });
  const groups = rows.map(
    (row): OutageGroup => ({
      ...groupOf(row),
      catchUp: { policy: row.policy, windowSeconds: row.window_seconds, maxRuns: row.catch_up_runs },
      maxDelaySeconds: row.max_delay,
      sample: row.sample_ids,
    }),
  );
  return { groups, ...totals(rows) };
}

const LoadRow = z.object({ is_minute: z.int(), minute: z.int(), bucket: z.int(), topic_name: z.string(), n: z.int() });

/**
 * The one-time schedules that are due in the span, as a FROM clause. Jitter is estimated by a hash of the id.
 * Firing uses another hash, but both spread the delays equally well.
 */
function dueOnce(input: LoadSpan & { filter: LoadFilter }, columns: string): { sql: string; params: Where["params"] } {
  const where = filterWhere(input.filter)
    .and("cron_expression IS NULL AND enabled")
    .and(`ifNull(execution_time >= ${instant("from")} - toIntervalSecond(jitter_seconds), 0)`, { from: input.fromMs })
    .and(`ifNull(execution_time < ${instant("to")}, 0)`, { to: input.toMs });
  const delay = "if(jitter_seconds = 0, 0, cityHash64(schedule_id) % (1000 * greatest(1, jitter_seconds)))";
  const effective = `${epochMs("assumeNotNull(execution_time)")} + toInt64(${delay}) AS effective`;
  return {
    sql: `FROM (SELECT ${effective}, ${columns} FROM event_schedules FINAL WHERE ${where})
      WHERE effective >= {from:Int64} AND effective < {to:Int64}`,
    params: where.params,
  };
}

export async function oneTimeLoad(
  client: ClickHouse,
  input: Parameters<LoadStore["oneTimeLoad"]>[0],
): Promise<OneTimeLoad> {
  const due = dueOnce(input, "topic");
  const step = (size: string) => `intDiv(effective - {origin:Int64}, ${size}) * ${size} + {origin:Int64}`;
  // One query for both counts: FINAL over the catalogue takes longer than counting the rows twice.
  const rows = await client.select(LoadRow, {
    sql: `SELECT grouping(topic_name) AS is_minute, minute, bucket, topic_name, count() AS n
      FROM (SELECT ${step("60000")} AS minute, ${step("{bucket_ms:Int64}")} AS bucket, toString(topic) AS topic_name ${due.sql})
      GROUP BY GROUPING SETS ((minute), (bucket, topic_name))
      ORDER BY is_minute, n DESC, bucket, topic_name LIMIT {most:UInt32} BY is_minute`,
    params: { ...due.params, origin: input.originMs, bucket_ms: input.bucketSeconds * 1000, most: MAX_LOAD_ROWS },
  });
  const [minutes, topics] = [rows.filter((row) => row.is_minute === 1), rows.filter((row) => row.is_minute === 0)];
  return {
    minutes: minutes.map(({ minute, n }) => ({ atMs: minute, schedules: n })).sort((a, b) => a.atMs - b.atMs),
    topics: topics.map(({ bucket, topic_name, n }) => ({ topic: topic_name, atMs: bucket, schedules: n })),
  };
}

const TagRow = z.object({ bucket: z.int(), tag: z.string(), n: z.int() });

export async function oneTimeTags(
  client: ClickHouse,
  input: Parameters<LoadStore["oneTimeTags"]>[0],
): ReturnType<LoadStore["oneTimeTags"]> {
  const due = dueOnce(input, "tags");
  const rows = await client.select(TagRow, {
    sql: `SELECT intDiv(effective - {origin:Int64}, {bucket_ms:Int64}) * {bucket_ms:Int64} + {origin:Int64} AS bucket,
        arrayJoin(${TAGS}) AS tag, count() AS n ${due.sql}
      GROUP BY bucket, tag ORDER BY n DESC, bucket, tag LIMIT {most:UInt32}`,
    params: { ...due.params, origin: input.originMs, bucket_ms: input.bucketSeconds * 1000, most: MAX_LOAD_ROWS },
  });
  return rows.map(({ bucket, tag, n }) => ({ tag, atMs: bucket, schedules: n }));
}

const DueRow = z.object({ due: z.int(), expired: z.int() });

/**
 * Counts the one-time occurrences that are due in the span, and those that at its end are late by more than their
 * maximum delay (`decideFiring`).
 */
export async function oneTimeDue(
  client: ClickHouse,
  input: Parameters<LoadStore["oneTimeDue"]>[0],
): ReturnType<LoadStore["oneTimeDue"]> {
  const { sql, params } = dueOnce(input, "max_delay_seconds");
  const late = "{to:Int64} - effective > toInt64(max_delay_seconds) * 1000";
  const [row] = await client.select(DueRow, {
    sql: `SELECT count() AS due, countIf(${late}) AS expired ${sql}`,
    params,
  });
  return row ?? { due: 0, expired: 0 };
}

const MEMBER = {
  schedule_id: z.string(),
  name: z.string().nullable(),
  topic: z.string(),
  entity_type: z.string(),
  action: z.string(),
  entity_id: z.string().nullable(),
  timezone: z.string(),
  cron_expression: z.string().nullable(),
  execution_ms: z.int().nullable(),
  jitter_seconds: z.int(),
  enabled: z.boolean(),
  until_ms: z.int().nullable(),
};
const MEMBER_COLUMNS = `schedule_id, name, topic, entity_type, action, entity_id, timezone, cron_expression,
  ${epochMs("execution_time")} AS execution_ms, jitter_seconds, enabled, ${epochMs("paused_until")} AS until_ms`;
const MemberRow = z.object(MEMBER);
const BY_EXECUTION_TIME = byTime("execution_time", true);
const FoundRow = z.object({ scheduleId: z.string(), key: z.string(), enabled: z.boolean() });

function memberOf(row: z.infer<typeof MemberRow>): LoadMember {
  return {
    scheduleId: row.schedule_id,
    name: row.name,
    topic: row.topic,
    entityType: row.entity_type,
    action: row.action,
    entityId: row.entity_id,
    timezone: row.timezone,
    cronExpression: row.cron_expression,
    executionTime: row.execution_ms,
    jitterSeconds: row.jitter_seconds,
    enabled: row.enabled,
    pausedUntil: row.until_ms,
  };
}

/**
 * The schedules of the groups, by id. Reads only the columns of the group key: FINAL over all columns takes far longer.
 * PREWHERE first selects the ids that have a stored row, stale or not, with these crons and zones, so that FINAL merges
 * few rows.
 */
export async function groupMembers(
  client: ClickHouse,
  input: Parameters<LoadStore["groupMembers"]>[0],
): ReturnType<LoadStore["groupMembers"]> {
  const { enabled, paused, afterId, limit } = input;
  const keysOf = (groups: readonly { key: string }[]) => groups.map(({ key }) => key);
  const groupsOf = (state: typeof enabled) => [...state.completeGroups, ...state.lastGroups];
  const groups = [...groupsOf(enabled), ...groupsOf(paused)];
  if (groups.length === 0) return [];
  const distinct = (column: (group: (typeof groups)[number]) => string) => [...new Set(groups.map(column))];
  const where = recurringWhere(input)
    .and("cron_expression IN {crons:Array(String)}", { crons: distinct((one) => one.cronExpression) })
    .and("timezone IN {zones:Array(String)}", { zones: distinct((one) => one.timezone) })
    .and(`if(enabled, ${GROUP_KEY} IN {enabled_keys:Array(String)}, ${GROUP_KEY} IN {paused_keys:Array(String)})`, {
      enabled_keys: keysOf(groupsOf(enabled)),
      paused_keys: keysOf(groupsOf(paused)),
    });
  return client.select(FoundRow, {
    sql: `SELECT schedule_id AS scheduleId, enabled, ${GROUP_KEY} AS key,
        if(enabled, key IN {enabled_complete:Array(String)}, key IN {paused_complete:Array(String)}) AS is_complete
      FROM event_schedules FINAL
      PREWHERE schedule_id IN (SELECT schedule_id FROM event_schedules
        WHERE cron_expression IN {crons:Array(String)} AND timezone IN {zones:Array(String)} AND schedule_id > {after:String})
      WHERE ${where} ORDER BY schedule_id LIMIT {limit:UInt32} BY enabled, is_complete`,
    params: {
      ...where.params,
      ...{ limit, after: afterId },
      enabled_complete: keysOf(enabled.completeGroups),
      paused_complete: keysOf(paused.completeGroups),
    },
  });
}

export async function loadMembers(client: ClickHouse, ids: readonly string[]): Promise<LoadMember[]> {
  if (ids.length === 0) return [];
  const rows = await client.select(MemberRow, {
    sql: `SELECT ${MEMBER_COLUMNS} FROM event_schedules FINAL PREWHERE schedule_id IN {ids:Array(String)}`,
    params: { ids },
  });
  return rows.map(memberOf);
}

export async function oneTimeMembers(
  client: ClickHouse,
  input: Parameters<LoadStore["oneTimeMembers"]>[0],
): Promise<LoadMember[]> {
  const { fromMs, toMs, after, limit } = input;
  const where = filterWhere(input.filter)
    .and("cron_expression IS NULL")
    .and(`ifNull(execution_time >= ${instant("from")}, 0)`, { from: after?.atMs ?? fromMs })
    .and(`ifNull(execution_time < ${instant("to")}, 0)`, { to: toMs });
  const found = await newestInOrder(client, {
    ...{ where, sort: BY_EXECUTION_TIME, descending: false, limit },
    after: after === null ? null : { value: after.atMs, id: after.scheduleId },
    read: { columns: MEMBER_COLUMNS, row: MemberRow },
  });
  return found.map(({ row }) => memberOf(row));
}

const Throughput = z.object({
  minute_peak: z.int(),
  minute_peak_at: z.int(),
  bucket_peak: z.int(),
  fired: z.int(),
});

/**
 * Counts executions by the minute of their acknowledgement, from the ledger. The roll-ups count by nominal time, and a
 * minute may have more due executions than can be published in it. A row that is stored twice until the next merge
 * counts twice.
 */
export async function measuredThroughput(
  client: ClickHouse,
  input: Parameters<LoadStore["measuredThroughput"]>[0],
): ReturnType<LoadStore["measuredThroughput"]> {
  const where = new Where()
    .and(`ended_at >= ${instant("from")} AND ended_at < ${instant("to")}`, { from: input.fromMs, to: input.toMs })
    .and("fired_at IS NOT NULL")
    .topicsIn(input.topicPrefixes)
    .when(input.topic, "topic IN {topic:Array(String)}", "topic");
  const [row] = await client.select(Throughput, {
    sql: `SELECT max(n) AS minute_peak, toUnixTimestamp(argMax(minute, n)) AS minute_peak_at, sum(n) AS fired,
        max(in_bucket) AS bucket_peak
      FROM (SELECT minute, n, sum(n) OVER (PARTITION BY intDiv(toUnixTimestamp(minute), {bucket_seconds:UInt32})) AS in_bucket
        FROM (SELECT toStartOfMinute(assumeNotNull(fired_at)) AS minute, count() AS n
          FROM schedule_execution_results WHERE ${where} GROUP BY minute))`,
    params: { ...where.params, bucket_seconds: input.bucketSeconds },
  });
  return {
    minutePeak: row?.minute_peak ?? 0,
    minutePeakAtMs: row === undefined || row.fired === 0 ? null : row.minute_peak_at * 1000,
    bucketPeak: row?.bucket_peak ?? 0,
    fired: row?.fired ?? 0,
  };
}
