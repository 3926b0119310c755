import { type EndReasonOf, ERROR_CLASSES, type ErrorClass, OUTCOMES, TRIGGERS } from "~/server/domain/choices";
import { LATE_MS, type Trigger } from "~/server/domain/execution";
import type { Outcome } from "~/server/domain/schedule";
import type { Template } from "./templates";

/*
 * ClickHouse generates each row from its number, with hashes instead of random values, so that the same request gives
 * the same data. Only the ids of executions are random. `uniform(salt)` is the hash `h(salt)` scaled to 0..1. Different
 * salts give independent values.
 */
const h = (salt: number, value = "number") => `cityHash64(${value}, ${salt})`;
const uniform = (salt: number, value = "number") => `(${h(salt, value)} % 1000000) / 1000000`;
const quoted = (text: string) => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
const list = (values: readonly string[]) => `[${values.map(quoted).join(", ")}]`;
const pick = (values: readonly string[], index: string) => `${list(values)}[1 + ${index} % ${values.length}]`;

const TEAMS = ["billing", "growth", "search", "ops", "mobile", "risk", "catalog", "support", "crm", "data"];
/** TOPICS lists two topics per team, in the order of TEAMS. Team and topic are drawn with salt 5, so they match. */
const teamOfTopic = (n = "number") => `${list(TEAMS)}[1 + intDiv(${h(5, n)} % ${2 * TEAMS.length}, 2)]`;
const JOBS = [
  "send-invoice",
  "reminder",
  "reindex",
  "digest",
  "sync",
  "cleanup",
  "report",
  "renewal",
  "score",
  "export",
];
const ENTITIES = ["invoice", "user", "product", "order", "subscription", "ticket"];
const SOURCES = ["api_request", "api_request", "kafka_delayed", "admin"];
const ACTIONS = ["remind", "sync", "expire", "report", "renew"];
/** A topic has one kind of entity, two actions and up to two sources, like topics of real installations. */
const ofTopic = (values: readonly string[], salt: number) => pick(values, `cityHash64(topic_name, ${salt})`);
const oneOfTwoOfTopic = (values: readonly string[], salt: number, n = "number") =>
  pick(values, `(cityHash64(topic_name, ${salt}) + ${h(salt, n)} % 2)`);
const TOPICS = TEAMS.flatMap((team) => [`${team}.events`, `${team}.jobs`]);
/** Topics that fail far more often than others. */
const FAILING = ["crm.events", "mobile.jobs"];
const ERRORS = {
  broker_connection: "The broker at kafka-2:9092 did not answer within 10000 ms.",
  publish: "UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.",
  bad_payload: "The message of 1204511 bytes is larger than the broker accepts.",
  decryption: 'The payload is encrypted with the key "2026b", which PAYLOAD_ENCRYPTION_KEYS lacks.',
} as const satisfies Record<ErrorClass, string>;
const NEVER_RETRIED: ErrorClass = "bad_payload";
const RETRIES = 3;

/** The domain's names as SQL literals. */
const OUTCOME = Object.fromEntries(OUTCOMES.map((name) => [name, quoted(name)])) as Record<Outcome, string>;
const TRIGGER = Object.fromEntries(TRIGGERS.map((name) => [name, quoted(name)])) as Record<Trigger, string>;
const endReasonCase = <O extends Outcome>(outcome: O, reason: EndReasonOf<O>) =>
  `outcome_name = ${OUTCOME[outcome]}, ${quoted(reason)}`;
const END_REASON = `multiIf(${endReasonCase("skipped", "paused")}, ${endReasonCase("expired", "max_delay")},
        failed_class = ${quoted(NEVER_RETRIED)} AND ${endReasonCase("dead", "bad_payload")},
        ${endReasonCase("dead", "retries_used_up")}, NULL)`;

const hex = (value: string, digits: number) => `leftPad(hex(${value}), ${digits}, '0')`;
/** A schedule's id from its number: a UUID v7 with the creation time, so that ids are in the order of creation. */
const scheduleId = (n: string, ms: string) => `lower(concat(
  substring(${hex(`toUInt64(${ms})`, 12)}, 1, 8), '-', substring(${hex(`toUInt64(${ms})`, 12)}, 9, 4), '-7',
  substring(${hex(h(1, n), 16)}, 1, 3), '-8', substring(${hex(h(1, n), 16)}, 4, 3), '-', substring(${hex(h(2, n), 16)}, 1, 12)))`;
/** Schedules were created over the past year. */
const createdMs = (n: string, nowMs: number, count: number) =>
  `(${nowMs} - 31536000000 + intDiv(${n} * 31000000000, ${count}))`;

export interface SeedInput {
  nowMs: number;
  schedules: number;
  executions: number;
  days: number;
  templates: readonly Template[];
}

const ms = (text: string) => `fromUnixTimestamp64Milli(toInt64(${text}), 'UTC')`;

/**
 * Rows `from` to `to` of the catalogue. Three in five are recurring, the rest one-time and mostly completed. Some are
 * paused or failing.
 */
export function schedulesSql(input: SeedInput, from: number, to: number): string {
  const { nowMs, templates } = input;
  const column = (name: keyof Template, type: string) =>
    `arrayElement(CAST(${
      type === "String"
        ? list(templates.map((one) => String(one[name])))
        : `[${templates.map((one) => one[name]).join(", ")}]`
    }, 'Array(${type})'), template)`;
  return `INSERT INTO event_schedules (schedule_id, revision, version, name, description, tags, enabled, topic, entity_type, entity_id,
      action, actor_type, actor_id, payload, raw_value, headers, correlation_id, cron_expression, execution_time, timezone, max_retries,
      retry_delay_seconds, max_delay_seconds, priority, source, catch_up_policy, catch_up_window_seconds, catch_up_max_runs, planned_since, jitter_seconds,
      dst_gap, dst_overlap, pause_note, paused_by, paused_at, created_by, created_at, updated_at, tier, completed, deleted, next_execution,
      last_execution, last_status, last_error, execution_count, error_count)
    WITH ${h(3)} % 5 < 3 AS recurring, 1 + ${h(4)} % ${templates.length} AS template,
      ${createdMs("number", nowMs, input.schedules)} AS created,
      ${pick(TOPICS, h(5))} AS topic_name, topic_name IN (${FAILING.map(quoted).join(", ")}) AS failing,
      recurring AND ${h(6)} % 25 = 0 AS paused, NOT recurring AND ${h(7)} % 10 < 6 AS is_completed,
      if(is_completed, created + 86400000 + ${h(8)} % 864000000, ${nowMs} + 90000000 + ${h(9)} % 31536000000) AS once_at,
      recurring OR is_completed AS has_run, has_run AND ${uniform(10)} < if(failing, 0.3, 0.004) AS last_failed
    SELECT ${scheduleId("number", "created")}, 1 + number % 7, 1,
      if(recurring, concat(${teamOfTopic()}, '-', ${pick(JOBS, h(11))}, '-', toString(number)), NULL),
      if(recurring, concat('Generated by npm run seed: ', ${pick(JOBS, h(11))}), ''),
      [${teamOfTopic()}, ${pick(["nightly", "hourly", "customer", "internal", "eu", "us"], h(12))}],
      NOT paused, topic_name, ${ofTopic(ENTITIES, 13)}, toString(${h(14)} % 100000), ${oneOfTwoOfTopic(ACTIONS, 15)}, 'system', 'scheduler',
      concat('{"id":', toString(${h(14)} % 100000), ',"kind":"', ${pick(JOBS, h(11))}, '","amount":', toString(${h(16)} % 100000), '}'),
      false, map(), ${scheduleId("number", "created")}, if(recurring, ${column("cron", "String")}, NULL),
      if(recurring, NULL, ${ms("once_at")}), if(recurring, ${column("zone", "String")}, 'UTC'), ${RETRIES}, 60, 86400, ${h(17)} % 10,
      ${oneOfTwoOfTopic(SOURCES, 18)}, ${pick(["last", "none", "all"], h(19))}, 86400, 100,
      -- planned_since is now, so that the watchdog does not report the gaps in the generated history.
      ${ms(String(nowMs))}, 0,
      'first_valid', 'first', if(paused, 'Waiting for the provider, INC-2041', NULL), if(paused, 'admin@example.org', NULL),
      if(paused, ${ms(`${nowMs} - ${h(20)} % 604800000`)}, NULL), 'seed', ${ms("created")}, ${ms("created")}, 'clickhouse', is_completed, false,
      if(paused OR is_completed, NULL, if(recurring, ${ms(column("nextMs", "Int64"))}, ${ms("once_at")})),
      if(has_run, ${ms(`if(is_completed, once_at, ${nowMs} - ${h(21)} % 86400000)`)}, NULL),
      if(has_run, if(last_failed, ${OUTCOME.dead}, ${OUTCOME.succeeded}), NULL),
      if(last_failed, ${quoted(ERRORS.broker_connection)}, NULL),
      if(has_run, 1 + ${h(22)} % 400, 0), if(last_failed, 1 + ${h(23)} % 5, 0)
    FROM numbers(${from}, ${to - from})`;
}

/**
 * Rows `from` to `to` of the ledger, into `table`, oldest first. There are more rows by day than by night, a few
 * failing topics, retries before some successes, and an incident with many late runs.
 */
export function executionsSql(table: string, input: SeedInput, from: number, to: number): string {
  const { nowMs, days, executions } = input;
  const spanMs = days * 86_400_000;
  // Rows are spread evenly over the history, then moved towards the middle of their day.
  const even = `(${nowMs} - ${spanMs} + intDiv(number * ${spanMs}, ${executions}))`;
  const phase = `((${even} % 86400000) / 86400000)`;
  const moved = `${even} + 0.09 * 86400000 * sin(2 * pi() * ${phase})`;
  // Rows that the move would shift past now are spread over the last hour.
  const at = `least(toInt64(${moved} - 60000 - ${h(31)} % 30000), toInt64(${nowMs} - 60000 - ${h(31)} % 3600000))`;
  return `INSERT INTO ${table} (execution_id, occurrence_key, schedule_id, schedule_name, schedule_version, trigger, outcome,
      reason, topic, entity_type, entity_id, action, source, correlation_id, priority, scheduled_for, effective_at, fired_at, ended_at,
      lateness_ms, late, publish_ms, attempt_count, attempts, error, error_class, worker_id, bus_partition, bus_offset, actor, tier,
      entered_redis_at, payload, headers, rolled_up, batch)
    WITH ${h(32)} % ${Math.max(1, input.schedules)} AS n, ${at} AS at_ms,
      ${scheduleId("n", createdMs("n", nowMs, Math.max(1, input.schedules)))} AS sid, ${h(3, "n")} % 5 < 3 AS recurring,
      ${pick(TOPICS, h(5, "n"))} AS topic_name, topic_name IN (${FAILING.map(quoted).join(", ")}) AS failing,
      at_ms BETWEEN ${nowMs - Math.min(spanMs, 3 * 86_400_000)} AND ${nowMs - Math.min(spanMs, 3 * 86_400_000) + 5_400_000} AS incident,
      ${uniform(33)} AS outcome_draw,
      multiIf(outcome_draw < if(failing, 0.06, 0.0008), ${OUTCOME.dead}, outcome_draw < if(failing, 0.065, 0.001), ${OUTCOME.expired},
        outcome_draw < 0.004 + if(failing, 0.065, 0), ${OUTCOME.skipped}, ${OUTCOME.succeeded}) AS outcome_name,
      outcome_name = ${OUTCOME.dead} AS is_dead,
      ${list(ERROR_CLASSES)}[1 + ${h(35)} % ${ERROR_CLASSES.length}] AS drawn_class,
      -- A retried attempt has a retriable error class.
      if(is_dead OR drawn_class != ${quoted(NEVER_RETRIED)}, drawn_class, ${quoted(ERROR_CLASSES[0])}) AS failed_class,
      transform(failed_class, ${list(Object.keys(ERRORS))}, ${list(Object.values(ERRORS))}, '') AS failed_text,
      multiIf(is_dead, if(failed_class = ${quoted(NEVER_RETRIED)}, 1, ${1 + RETRIES}),
        outcome_name IN (${OUTCOME.expired}, ${OUTCOME.skipped}), 0, ${uniform(34)} < if(failing, 0.2, 0.006), 2, 1) AS tries,
      toUInt64(if(incident, 2000 + ${h(36)} % 30000, exp(0.7 + 1.6 * ${uniform(37)} + if(${h(38)} % 200 = 0, 5 * ${uniform(39)}, 0)))
        + if(tries > 1, tries * 30000 * ${uniform(40)}, 0)) AS late_ms,
      0.4 + exp(0.2 + 2.2 * ${uniform(41)}) AS publish_ms_drawn
    SELECT toString(generateUUIDv4(number)), concat(sid, '@', toString(at_ms)), sid,
      if(recurring, concat(${teamOfTopic("n")}, '-', ${pick(JOBS, h(11, "n"))}, '-', toString(n)), NULL), 1,
      multiIf(${h(42)} % 400 = 0, ${TRIGGER.manual}, ${h(42)} % 300 = 1, ${TRIGGER.catch_up}, ${TRIGGER.schedule}), outcome_name,
      ${END_REASON},
      topic_name, ${ofTopic(ENTITIES, 13)}, toString(${h(14, "n")} % 100000), ${oneOfTwoOfTopic(ACTIONS, 15, "n")},
      ${oneOfTwoOfTopic(SOURCES, 18, "n")}, sid, ${h(17, "n")} % 10,
      ${ms("at_ms")}, ${ms("at_ms")}, if(outcome_name = ${OUTCOME.succeeded}, ${ms("at_ms + late_ms")}, NULL), ${ms("at_ms + late_ms")},
      late_ms, outcome_name = ${OUTCOME.succeeded} AND late_ms > ${LATE_MS}, if(tries > 0, publish_ms_drawn, NULL), tries,
      concat('[', arrayStringConcat(arrayMap(i -> concat('{"n":', toString(i), ',"at":', toString(at_ms + (i - 1) * 30000),
        ',"durationMs":', toString(round(publish_ms_drawn, 3)), ',"workerId":"worker-', toString(1 + ${h(43)} % 3), '","errorClass":',
        if(i < tries OR is_dead, concat('"', failed_class, '"'), 'null'), ',"error":',
        if(i < tries OR is_dead, toJSONString(failed_text), 'null'), '}'),
        range(1, toUInt32(tries) + 1)), ','), ']'),
      if(is_dead, failed_text, NULL), if(is_dead, failed_class, NULL),
      if(tries > 0, concat('worker-', toString(1 + ${h(43)} % 3)), ''), if(outcome_name = ${OUTCOME.succeeded}, toInt32(${h(44)} % 6), NULL),
      if(outcome_name = ${OUTCOME.succeeded}, toString(number), NULL), NULL, 'redis', ${ms("at_ms - 3600000")},
      concat('{"id":', toString(${h(14, "n")} % 100000), '}'), map(), true, concat('seed:', toString(intDiv(number, 100000)))
    FROM numbers(${from}, ${to - from})`;
}
