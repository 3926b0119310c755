import { z } from "zod";
import { createSchedules } from "~/server/services/schedules";
import type { Bench } from "./bench";
import type { DataSet } from "./data-set";
import { createOneTime } from "./load";

const MINUTE_MS = 60_000;
const HALF_AN_HOUR_MS = 30 * MINUTE_MS;
/** Number of near-term schedules in Redis. They are due later than the end of the run. */
const NEAR_TERM_COUNT = 20_000;
const NEAR_TERM_SPAN_MS = 20 * 3_600_000;
/** Number of schedules that fire every minute while the pages are measured. */
const EVERY_MINUTE_COUNT = 300;
const AUDIT_ENTRY_COUNT = 200_000;
/** Number of executions that are copied to `scheduleId`. */
const LONG_HISTORY_COUNT = 100_000;

/** The ids that the addresses of the pages need. */
export interface PageIds {
  /** A recurring schedule with a long history. */
  scheduleId: string;
  succeededId: string;
  deadId: string;
}

const Id = z.object({ id: z.string() });

/**
 * Adds to a data set: an audit trail, a schedule with a long history, near-term schedules in Redis, and a worker with
 * schedules that fire every minute.
 */
export async function addUsage(bench: Bench, data: DataSet): Promise<PageIds> {
  const { client, nowMs } = data;
  const one = async (sql: string) => {
    const [row] = await client.select(Id, { sql });
    if (row === undefined) throw new Error(`no row: ${sql}`);
    return row.id;
  };
  await client.command({ sql: auditSql(nowMs) });
  const scheduleId = await one(`SELECT schedule_id AS id FROM event_schedules
    WHERE cron_expression = '0 * * * *' AND enabled ORDER BY schedule_id LIMIT 1`);
  await client.command({
    sql: `INSERT INTO schedule_execution_results SELECT * REPLACE('${scheduleId}' AS schedule_id,
        concat('${scheduleId}', '@', toString(toUnixTimestamp64Milli(scheduled_for))) AS occurrence_key,
        generateUUIDv4(rand()) AS execution_id)
      FROM (SELECT * FROM schedule_execution_results
        WHERE cityHash64(execution_id) % ${sampleInterval(data.executions)} = 0 LIMIT ${LONG_HISTORY_COUNT})`,
    settings: { max_partitions_per_insert_block: "0" },
  });
  // In real installations, ClickHouse merges the small parts that the recorder adds.
  await client.command({ sql: "SYSTEM START MERGES schedule_execution_results" });
  await bench.emptyRedis();
  await bench.startWorker({ CLICKHOUSE_DATABASE: data.database });
  const from = Date.now() + HALF_AN_HOUR_MS;
  const benchOfData = { ...bench, ctx: data.ctx };
  await createOneTime(
    benchOfData,
    NEAR_TERM_COUNT,
    (i) => from + Math.floor((i * NEAR_TERM_SPAN_MS) / NEAR_TERM_COUNT),
  );
  await createSchedules({ ctx: data.ctx, input: { items: Array.from({ length: EVERY_MINUTE_COUNT }, everyMinute) } });
  const newest = (outcome: string) =>
    one(`SELECT execution_id AS id FROM schedule_execution_results WHERE outcome = '${outcome}'
      ORDER BY scheduled_for DESC LIMIT 1`);
  return { scheduleId, succeededId: await newest("succeeded"), deadId: await newest("dead") };
}

/**
 * One ledger row in this many is copied to the schedule with a long history, so that the copies span the whole history.
 */
const sampleInterval = (executions: number) => Math.max(1, Math.floor(executions / LONG_HISTORY_COUNT));

function everyMinute(_: unknown, i: number) {
  return {
    name: `sync-inventory-${i}`,
    topic: "catalog.events",
    entityType: "warehouse",
    action: "sync",
    payload: { warehouse: i },
    cronExpression: "* * * * *",
    timezone: "UTC",
    tags: ["internal"],
  };
}

/** Entries of the last 90 days. Two thirds of them are edits. */
function auditSql(nowMs: number): string {
  const hex = (value: string, digits: number) => `leftPad(lower(hex(${value})), ${digits}, '0')`;
  const pick = (list: string) => `[${list}][1 + h % length([${list}])]`;
  return `INSERT INTO audit (key, json, version, deleted)
    WITH cityHash64(schedule_id) AS h, ${nowMs} - h % (90 * 86400000) AS ms,
      ${hex("toUInt64(ms)", 12)} AS at_hex, ${hex("h", 16)} AS h_hex,
      concat(substring(at_hex, 1, 8), '-', substring(at_hex, 9, 4), '-7', substring(h_hex, 1, 3), '-8', substring(h_hex, 4, 3),
        '-', substring(h_hex, 5, 12)) AS id,
      ${pick("'schedule.edit', 'schedule.edit', 'schedule.edit', 'schedule.edit', 'schedule.pause', 'schedule.resume'")} AS verb,
      ${pick("'ana@example.org', 'ben@example.org', 'chidi@example.org', 'deploy'")} AS actor
    SELECT id, concat('{"id":"', id, '","at":', toString(ms), ',"actorId":"', actor, '","actor":"', actor,
      '","via":"session","address":"10.0.0.7","requestId":"', id, '","action":"', verb, '","target":"', schedule_id, '","targetName":',
      if(isNull(name), 'null', concat('"', assumeNotNull(name), '"')), ',"before":{"maxRetries":3},"after":{"maxRetries":5}}'), ms, false
    FROM event_schedules LIMIT ${AUDIT_ENTRY_COUNT}`;
}
