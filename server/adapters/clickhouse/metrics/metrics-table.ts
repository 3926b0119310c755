import { z } from "zod";
import { Tier } from "~/server/domain/schedule";
import type { AnalyticsSummary, AnalyticsTotals, OutcomeCounts, Percentiles, Performance } from "~/server/domain/views";
import type { ClickHouse } from "../connection/client";
import { cells, commonGrainMs, type MetricsFilter, PUBLISH_EDGES_MS, type RangeInput } from "./metrics-cells";
import { failuresIn, topErrors, topReasons } from "./metrics-failures";

const HOUR_MS = 3_600_000;

const COUNTS = `sumIf(executions, outcome = 'succeeded') AS succeeded, sumIf(late, outcome = 'succeeded') AS late_count,
  sumIf(executions, outcome = 'expired') AS expired, sumIf(executions, outcome = 'skipped') AS skipped,
  sumIf(executions, outcome = 'dead') AS dead, sumIf(executions, outcome = 'cancelled') AS cancelled,
  sum(retried) AS retried_count`;
/** The accuracy of quantilesDD, the percentiles, and the maximum (`percentiles`). */
const LEVELS = "0.01, 0.5, 0.95, 0.99, 1";
/**
 * Lateness of succeeded executions; publish duration of all executions that have one. States of numbers may be merged
 * with other levels than those they were stored with. States of nullable numbers may not, so the merged state is cast
 * to a state with these levels.
 */
const PERCENTILES = `quantilesDDMergeIf(${LEVELS})(lateness, outcome = 'succeeded') AS lateness_q,
  finalizeAggregation(CAST(CAST(quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS String)
    AS AggregateFunction(quantilesDD(${LEVELS}), Nullable(Float64)))) AS publish_q`;

const MERGED_CELLS = `sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
  ${["lateness", "publish", "queue"].map((name) => `quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(${name}) AS ${name}`).join(", ")}`;

const Quantiles = z.array(z.number().nullable());
const countColumns = {
  succeeded: z.int(),
  late_count: z.int(),
  expired: z.int(),
  skipped: z.int(),
  dead: z.int(),
  cancelled: z.int(),
  retried_count: z.int(),
};
const CountsRow = z.object(countColumns);
type CountsRow = z.infer<typeof CountsRow>;
const SummaryRow = z.object({
  ...countColumns,
  kind: z.enum(["all", "topic", "source", "tier"]),
  value: z.string(),
  lateness_q: Quantiles,
  publish_q: Quantiles,
  queue_q: Quantiles,
});
const TotalsRow = z.object({ ...countColumns, is_before: z.boolean(), lateness_q: Quantiles, publish_q: Quantiles });
const HourRow = z.object({ at: z.int(), n: z.int() });
const BucketRow = z.object({
  ...countColumns,
  at: z.int(),
  lateness_q: Quantiles,
  publish_q: Quantiles,
  heat_counts: z.array(z.int()),
});

const NO_COUNTS: CountsRow = {
  succeeded: 0,
  late_count: 0,
  expired: 0,
  skipped: 0,
  dead: 0,
  cancelled: 0,
  retried_count: 0,
};

/**
 * Totals, rates, percentiles, breakdowns and top lists of `[fromMs, toMs)` by nominal time, and the totals of the
 * preceding range of equal length.
 */
export async function analyticsSummary(
  client: ClickHouse,
  input: MetricsFilter & { fromMs: number; toMs: number; nowMs: number },
): Promise<AnalyticsSummary> {
  const { fromMs, toMs, nowMs, ...filter } = input;
  const range: RangeInput = { fromMs, toMs, nowMs, bucketMs: null, ledgerOnly: filter.scheduleId !== undefined };
  const before: RangeInput = { ...range, fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
  const [rows, previous, errors, failures, reasons] = await Promise.all([
    summaryRows(client, { range, filter }),
    totals(client, { range: before, filter }),
    topErrors(client, { range, before, filter }),
    failuresIn(client, { range, filter }),
    range.ledgerOnly ? null : topReasons(client, { range, filter }),
  ]);
  const all = rows.find((row) => row.kind === "all");
  const by = (kind: "topic" | "source" | "tier") =>
    rows.filter((row) => row.kind === kind).sort((a, b) => total(b) - total(a) || (a.value < b.value ? -1 : 1));
  const current = all ?? NO_COUNTS;
  return {
    from: iso(fromMs),
    to: iso(toMs),
    totals: withTotal(current),
    previous: withTotal(previous),
    successRate: successRate(current),
    previousSuccessRate: successRate(previous),
    ...durations(all),
    byTopic: by("topic").map((row) => ({
      topic: row.value,
      total: total(row),
      succeeded: row.succeeded,
      dead: row.dead,
      expired: row.expired,
      successRate: successRate(row),
      latenessP95: durations(row).latenessMs.p95,
    })),
    bySource: by("source").map((row) => ({ source: row.value, total: total(row), dead: row.dead })),
    byTier: by("tier").map((row) => {
      const { p50, p95 } = percentiles(row.queue_q, row.succeeded);
      return { tier: Tier.parse(row.value), total: total(row), queueP50Ms: p50, queueP95Ms: p95 };
    }),
    topErrors: errors,
    topReasons: reasons,
    topFailures: failures,
  };
}

/** The totals, rates and percentiles of `analyticsSummary`, read in one statement; without a filter, from few rows. */
export async function analyticsTotals(
  client: ClickHouse,
  input: MetricsFilter & { fromMs: number; toMs: number; nowMs: number },
): Promise<AnalyticsTotals> {
  const { fromMs, toMs, nowMs, ...filter } = input;
  const range: RangeInput = { fromMs, toMs, nowMs, bucketMs: null, ledgerOnly: filter.scheduleId !== undefined };
  const common = { filter, bucket: { stepMs: HOUR_MS }, by: "outcome" } as const;
  const currentCells = cells({ ...common, range });
  const before = { ...range, fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
  const previousCells = cells({ ...common, range: before, name: "b" });
  const rows = await client.select(TotalsRow, {
    sql: `SELECT false AS is_before, ${COUNTS}, ${PERCENTILES} FROM ${currentCells.sql}
      UNION ALL SELECT true AS is_before, ${COUNTS}, [] AS lateness_q, [] AS publish_q FROM ${previousCells.sql}`,
    params: { ...currentCells.params, ...previousCells.params },
  });
  const current = rows.find((row) => !row.is_before);
  const previous = rows.find((row) => row.is_before) ?? NO_COUNTS;
  return {
    from: iso(fromMs),
    to: iso(toMs),
    totals: withTotal(current ?? NO_COUNTS),
    previous: withTotal(previous),
    successRate: successRate(current ?? NO_COUNTS),
    previousSuccessRate: successRate(previous),
    ...durations(current),
  };
}

/** The schedules with the most dead and expired executions of a range. */
export function topFailures(
  client: ClickHouse,
  input: MetricsFilter & { fromMs: number; toMs: number; nowMs: number },
): Promise<AnalyticsSummary["topFailures"]> {
  const { fromMs, toMs, nowMs, ...filter } = input;
  const ledgerOnly = filter.scheduleId !== undefined;
  return failuresIn(client, { range: { fromMs, toMs, nowMs, bucketMs: null, ledgerOnly }, filter });
}

/** Counts, rates and percentiles by time bucket. Buckets without executions are left out. */
export async function analyticsPerformance(
  client: ClickHouse,
  input: MetricsFilter & { edgesMs: readonly number[]; nowMs: number },
): Promise<Omit<Performance, "bucketSeconds">> {
  const { edgesMs, nowMs, ...filter } = input;
  const startsMs = edgesMs.slice(0, -1);
  const fromMs = edgesMs[0] ?? 0;
  const toMs = edgesMs.at(-1) ?? fromMs;
  const range: RangeInput = {
    ...{ fromMs, toMs, nowMs, bucketMs: commonGrainMs(startsMs) },
    ledgerOnly: filter.scheduleId !== undefined,
  };
  const from = cells({ range, filter, bucket: { startsMs }, by: "outcome" });
  const rows = await client.select(BucketRow, {
    sql: `SELECT at, ${COUNTS}, ${PERCENTILES}, sumForEachMerge(heat) AS heat_counts
      FROM ${from.sql} GROUP BY at ORDER BY at`,
    params: from.params,
  });
  const unfinishedStart = startsMs.findLast((start) => start <= nowMs);
  return {
    from: iso(fromMs),
    to: iso(toMs),
    edges: edgesMs.map(iso),
    unfinishedFrom: unfinishedStart !== undefined && nowMs < toMs ? iso(unfinishedStart) : null,
    buckets: rows.map((row) => ({
      at: iso(row.at),
      counts: outcomes(row),
      retried: row.retried_count,
      ...durations(
        row,
        row.heat_counts.reduce((sum, count) => sum + count, 0),
      ),
      successRate: successRate(row),
    })),
    publishEdgesMs: PUBLISH_EDGES_MS,
    publishHeat: rows
      .filter((row) => row.heat_counts.some((count) => count > 0))
      .map((row) => ({ at: iso(row.at), counts: row.heat_counts })),
  };
}

/** Counts of executions by the hour of their nominal time, UTC. Hours without executions are left out. */
export async function executionsByHour(
  client: ClickHouse,
  input: MetricsFilter & { fromMs: number; toMs: number; nowMs: number },
): Promise<{ atMs: number; count: number }[]> {
  const { fromMs, toMs, nowMs, ...filter } = input;
  const range: RangeInput = { fromMs, toMs, nowMs, bucketMs: HOUR_MS, ledgerOnly: filter.scheduleId !== undefined };
  const from = cells({ range, filter, bucket: { stepMs: HOUR_MS }, by: "outcome" });
  const rows = await client.select(HourRow, {
    sql: `SELECT at, sum(executions) AS n FROM ${from.sql} GROUP BY at ORDER BY at`,
    params: from.params,
  });
  return rows.map((row) => ({ atMs: row.at, count: row.n }));
}

function summaryRows(client: ClickHouse, input: { range: RangeInput; filter: MetricsFilter }) {
  const from = cells({ ...input, bucket: { stepMs: HOUR_MS }, by: "dimensions" });
  // Merges cells of equal dimensions first: otherwise each of the four grouping sets would merge every cell's state.
  // grouping() is 0 for the column by which a row is grouped.
  return client.select(SummaryRow, {
    sql: `SELECT multiIf(grouping(topic) = 0, 'topic', grouping(source) = 0, 'source', grouping(tier) = 0, 'tier', 'all') AS kind,
        multiIf(grouping(topic) = 0, toString(topic), grouping(source) = 0, toString(source), toString(tier)) AS value,
        ${COUNTS}, ${PERCENTILES},
        quantilesDDMergeIf(${LEVELS})(queue, outcome = 'succeeded') AS queue_q
      FROM (SELECT topic, source, tier, outcome, ${MERGED_CELLS} FROM ${from.sql} GROUP BY topic, source, tier, outcome)
      GROUP BY GROUPING SETS ((topic), (source), (tier), ())`,
    params: from.params,
    settings: { force_grouping_standard_compatibility: 1 },
  });
}

async function totals(
  client: ClickHouse,
  input: { range: RangeInput; filter: MetricsFilter },
): Promise<z.infer<typeof CountsRow>> {
  const from = cells({ ...input, bucket: { stepMs: HOUR_MS }, by: "outcome" });
  const [row] = await client.select(CountsRow, { sql: `SELECT ${COUNTS} FROM ${from.sql}`, params: from.params });
  return row ?? NO_COUNTS;
}

/** @param published about how many executions have a publish duration */
function durations(
  row: (CountsRow & { lateness_q: (number | null)[]; publish_q: (number | null)[] }) | undefined,
  published = row === undefined ? 0 : row.succeeded + row.dead + row.expired,
): Record<"latenessMs" | "publishMs", Percentiles> {
  return {
    latenessMs: percentiles(row?.lateness_q ?? [], row?.succeeded ?? 0),
    publishMs: percentiles(row?.publish_q ?? [], published),
  };
}

/**
 * Percentiles by the nearest rank. With few values, p95 and p99 are the maximum, but quantilesDD rounds ranks down and
 * would hide the slowest value.
 *
 * @param count the number of values
 */
function percentiles(quantiles: readonly (number | null)[], count: number): Percentiles {
  const [p50 = null, p95 = null, p99 = null, max = null] = quantiles;
  return { p50, p95: count < 20 ? max : p95, p99: count < 100 ? max : p99 };
}

function outcomes(row: CountsRow): OutcomeCounts {
  const { succeeded, expired, skipped, dead, cancelled } = row;
  return { succeeded, late: row.late_count, expired, skipped, dead, cancelled };
}

function total(row: CountsRow): number {
  return row.succeeded + row.expired + row.skipped + row.dead + row.cancelled;
}

function withTotal(row: CountsRow): AnalyticsSummary["totals"] {
  return { ...outcomes(row), total: total(row), retried: row.retried_count };
}

/** Succeeded executions as a share of succeeded, dead and expired executions; null if there are none. */
function successRate(row: CountsRow): number | null {
  const due = row.succeeded + row.dead + row.expired;
  return due === 0 ? null : row.succeeded / due;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
