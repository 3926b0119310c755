import type { TopicScope } from "~/server/ports/store/schedules";
import { instant } from "../sql/time-columns";
import { type Params, Where } from "../sql/where";

/*
 * Splits a time range. Whole days are read from the daily roll-up, whole hours from the hourly roll-up, recent whole
 * minutes from the minute roll-up, and the rest from the ledger, so that counts are exact for any range. Queries of
 * outcomes without filters read the hourly and minute totals instead, for whole days too: these have only a few rows
 * per bucket.
 */

/** The minute roll-up keeps at most eight days; the oldest day may be incomplete. */
const MINUTES_KEPT_MS = 7 * 24 * 3_600_000;
/** From coarse to fine. */
const GRAINS = { days: 86_400_000, hours: 3_600_000, minutes: 60_000 } as const;
type Grain = keyof typeof GRAINS;

export interface Piece {
  from: Grain | "ledger";
  fromMs: number;
  toMs: number;
}

export interface MetricsFilter extends TopicScope {
  topic?: string;
  source?: string;
  scheduleId?: string;
}

export interface RangeInput {
  fromMs: number;
  toMs: number;
  nowMs: number;
  /** Only roll-ups whose interval divides `bucketMs` are read; null for any. */
  bucketMs: number | null;
  /** The roll-ups have no schedule ids: cells of one schedule come from the ledger. */
  ledgerOnly: boolean;
}

/** The longest interval of a roll-up, ms, that divides all starts, so that no cell is in two buckets; 1 s for none. */
export function commonGrainMs(startsMs: readonly number[]): number {
  const grains = Object.values(GRAINS);
  return grains.find((grainMs) => startsMs.every((start) => start % grainMs === 0)) ?? 1000;
}

/** The pieces of a range, in order, none empty. `grains`: the available roll-ups, from coarse to fine; default all. */
export function pieces(range: RangeInput, grains: readonly Grain[] = ["days", "hours", "minutes"]): Piece[] {
  const { fromMs, toMs, nowMs, bucketMs } = range;
  if (fromMs >= toMs) return [];
  const [grain, ...finer] = grains;
  if (grain === undefined || range.ledgerOnly) return [{ from: "ledger", fromMs, toMs }];
  const grainMs = GRAINS[grain];
  const start = Math.ceil(fromMs / grainMs) * grainMs;
  const end = Math.floor(toMs / grainMs) * grainMs;
  const isKept = grain !== "minutes" || fromMs >= nowMs - MINUTES_KEPT_MS;
  if (!isKept || start >= end || (bucketMs ?? grainMs) % grainMs !== 0) return pieces(range, finer);
  return [
    ...pieces({ ...range, toMs: start }, finer),
    { from: grain, fromMs: start, toMs: end },
    ...pieces({ ...range, fromMs: end }, finer),
  ];
}

const QUANTILES = "0.01, 0.5, 0.95, 0.99";

/** Upper edges of the histogram of publish durations, in ms; the last count is of longer durations. */
export const PUBLISH_EDGES_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

const LOW_EDGES = `[-1., ${PUBLISH_EDGES_MS.map((edge) => `${edge}.`).join(", ")}]`;
const HIGH_EDGES = `[${PUBLISH_EDGES_MS.map((edge) => `${edge}.`).join(", ")}, inf]`;

/** The cells that the views compute at insert, such as those of migration 0004, computed from the ledger. */
const LEDGER_CELLS = `toInt64(count()) AS executions, toInt64(countIf(results.late)) AS late,
  toInt64(countIf(results.attempt_count > 1)) AS retried,
  quantilesDDState(${QUANTILES})(toFloat64(lateness_ms)) AS lateness,
  quantilesDDState(${QUANTILES})(publish_ms) AS publish,
  sumForEachState(if(publish_ms IS NULL, emptyArrayUInt64(), arrayMap(
    (low, up) -> toUInt64(assumeNotNull(publish_ms) > low AND assumeNotNull(publish_ms) <= up),
    ${LOW_EDGES}, ${HIGH_EDGES}))) AS heat`;

const LEDGER_QUEUE = `quantilesDDState(${QUANTILES})(
    toFloat64(greatest(0, dateDiff('millisecond', entered_redis_at, ifNull(fired_at, ended_at))))) AS queue`;

const ROLLUP_CELLS = `toInt64(executions) AS executions, toInt64(late) AS late, toInt64(retried) AS retried,
  lateness, publish, heat`;

const DIMENSIONS = "topic, source, tier, outcome";
const TABLES: Partial<Record<Grain, string>> = {
  days: "schedule_performance_days",
  hours: "schedule_performance_metrics",
  minutes: "schedule_performance_minutes",
};
/** Outcomes alone: at most five rows per hour, so usually fewer rows per day than in `schedule_performance_days`. */
const TOTALS: typeof TABLES = { hours: "schedule_performance_totals", minutes: "schedule_performance_minute_totals" };

/**
 * A subquery of cells `(at, outcome, executions, late, retried, lateness, publish, heat)`; with `by: "dimensions"` also
 * `(topic, source, tier, queue)`.
 */
export function cells(input: {
  range: RangeInput;
  filter: MetricsFilter;
  /** Decides `at`, the start of an execution's bucket: buckets of equal width, or with these starts in order. */
  bucket: { stepMs: number } | { startsMs: readonly number[] };
  by: "outcome" | "dimensions";
  /** Prefixes the parameters of the pieces. */
  name?: string;
}): { sql: string; params: Params } {
  const { filter, name = "p" } = input;
  const isByOutcome = input.by === "outcome";
  const { topic, topicPrefixes, source, scheduleId } = filter;
  const isNarrowed = [topic, topicPrefixes, source, scheduleId].some((value) => value !== undefined);
  const tables = isByOutcome && !isNarrowed ? TOTALS : TABLES;
  const [dimensions, ledgerCells, rollupCells] = isByOutcome
    ? ["outcome", LEDGER_CELLS, ROLLUP_CELLS]
    : [DIMENSIONS, `${LEDGER_CELLS}, ${LEDGER_QUEUE}`, `${ROLLUP_CELLS}, queue`];
  const { bucket } = input;
  const params: Params = "stepMs" in bucket ? { step: bucket.stepMs } : { starts: bucket.startsMs };
  const startOf = (ms: string) =>
    "stepMs" in bucket ? `intDiv(${ms}, {step:Int64}) * {step:Int64}` : `roundDown(${ms}, {starts:Array(Int64)})`;
  const grains = (Object.keys(GRAINS) as Grain[]).filter((grain) => tables[grain] !== undefined);
  const parts = bySource(pieces(input.range, grains)).map((list) => {
    const [{ from }] = list;
    const where = piecesWhere(list, { filter, name: `${name}_${from}` });
    Object.assign(params, where.params);
    if (from === "ledger") {
      return `SELECT ${startOf("toUnixTimestamp64Milli(scheduled_for)")} AS at, ${dimensions}, ${ledgerCells}
        FROM ${ledgerRows(where, filter)} AS results GROUP BY at, ${dimensions}`;
    }
    return `SELECT ${startOf("toInt64(toUnixTimestamp(bucket)) * 1000")} AS at, ${dimensions}, ${rollupCells}
      FROM ${tables[from]} WHERE ${where}`;
  });
  return { sql: `(${parts.join("\nUNION ALL\n")})`, params };
}

/** The ledger's rows that count in the roll-ups, each occurrence once. */
export function ledgerRows(where: Where, filter: MetricsFilter): string {
  const columns = `${DIMENSIONS}, schedule_id, scheduled_for, late, attempt_count, lateness_ms, publish_ms, entered_redis_at, fired_at,
    ended_at, error, error_class`;
  // FINAL cannot read a schedule's projection, so the rows of one schedule are deduplicated by execution id.
  return filter.scheduleId === undefined
    ? `(SELECT ${columns}, schedule_name, reason, attempts FROM schedule_execution_results FINAL WHERE ${where})`
    : `(SELECT ${columns} FROM schedule_execution_results WHERE ${where} LIMIT 1 BY execution_id)`;
}

/** The pieces of each source, so that each table is read once. */
export function bySource(list: readonly Piece[]): [Piece, ...Piece[]][] {
  const found = new Map<Piece["from"], [Piece, ...Piece[]]>();
  for (const piece of list) {
    const known = found.get(piece.from);
    if (known === undefined) found.set(piece.from, [piece]);
    else known.push(piece);
  }
  return [...found.values()];
}

/** The condition of pieces of the same source; `name` prefixes its parameters. */
export function piecesWhere(
  list: readonly [Piece, ...Piece[]],
  { filter, name }: { filter: MetricsFilter; name: string },
): Where {
  const [{ from }] = list;
  const column = from === "ledger" ? "scheduled_for" : "bucket";
  const ranges = list.map(
    (_, i) => `(${column} >= ${instant(`${name}${i}_from`)} AND ${column} < ${instant(`${name}${i}_to`)})`,
  );
  const times = list.flatMap(({ fromMs, toMs }, i) => [
    [`${name}${i}_from`, fromMs],
    [`${name}${i}_to`, toMs],
  ]);
  const where = new Where()
    .and(ranges.join(" OR "), Object.fromEntries(times))
    .when(filter.topic, `topic = {${name}_topic:String}`, `${name}_topic`)
    .topicsIn(filter.topicPrefixes, `${name}_prefix`)
    .when(filter.source, `source = {${name}_source:String}`, `${name}_source`);
  if (from !== "ledger") return where;
  return where.and("rolled_up").when(filter.scheduleId, `schedule_id = {${name}_schedule:String}`, `${name}_schedule`);
}
