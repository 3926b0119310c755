import type { ExecutionFacet } from "~/server/domain/views";
import type { ExecutionQuery, RollupScope } from "~/server/ports/store/executions";
import { type Piece, pieces } from "../metrics/metrics-cells";
import { instant } from "../sql/time-columns";
import { type Params, Where } from "../sql/where";

/*
 * Counts facets from the roll-ups, which have far fewer rows than the ledger. A roll-up must have the columns of all
 * filters. The ledger adds executions that were recorded while the roll-ups were off, and the ends of a range that are
 * not whole buckets. The counts therefore equal counts from the ledger without duplicates.
 */

const DAY_MS = 86_400_000;

type FacetQuery = Omit<ExecutionQuery, "limit" | "cursor" | "sort">;
type Grain = Exclude<Piece["from"], "ledger">;

interface Rollup {
  tables: Partial<Record<Grain, string>>;
  /** The filters on columns of the roll-up, besides the range. */
  filters: readonly (keyof FacetQuery)[];
  /** The columns `value` and `counted`, selected from a table of the roll-up. */
  fromTable: (query: FacetQuery) => string;
  /** The same columns, selected from the ledger. */
  fromLedger: string;
}

const PERFORMANCE = {
  tables: {
    days: "schedule_performance_days",
    hours: "schedule_performance_metrics",
    minutes: "schedule_performance_minutes",
  },
  filters: ["topic", "topicPrefixes", "source", "status", "late"],
} as const satisfies Partial<Rollup>;

const byColumn = (column: "topic" | "source" | "trigger"): Pick<Rollup, "fromTable" | "fromLedger"> => ({
  fromTable: ({ late }) => `toString(${column}) AS value, toUInt64(${late ? "late" : "executions"}) AS counted`,
  fromLedger: `toString(${column}) AS value, toUInt64(1) AS counted`,
});

/** No roll-up of schedules: most fire at most once an hour, so it would have about as many rows as the ledger. */
const ROLLUPS: Partial<Record<ExecutionFacet, Rollup>> = {
  topic: { ...PERFORMANCE, ...byColumn("topic") },
  source: { ...PERFORMANCE, ...byColumn("source") },
  trigger: { ...PERFORMANCE, tables: { hours: "schedule_trigger_metrics" }, ...byColumn("trigger") },
  status: {
    ...PERFORMANCE,
    fromTable: () =>
      "arrayJoin([(toString(outcome), toUInt64(executions)), ('late', toUInt64(late))]) AS one, one.1 AS value, one.2 AS counted",
    fromLedger: "arrayJoin(if(late, ['succeeded', 'late'], [toString(outcome)])) AS value, toUInt64(1) AS counted",
  },
  errorClass: {
    tables: { hours: "schedule_error_metrics" },
    filters: ["topic", "topicPrefixes", "source"],
    fromTable: () => "toString(error_class) AS value, toUInt64(errors) AS counted",
    fromLedger: "ifNull(toString(error_class), '') AS value, toUInt64(1) AS counted",
  },
};

/** Fields that need no column of their own: the range, and fields that do not restrict the rows. */
const NEUTRAL: readonly (keyof FacetQuery)[] = ["fromMs", "toMs", "bare", "uncounted"];

const isGiven = (value: unknown) =>
  value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);

/**
 * A subquery of rows `(value, counted)` whose sums are the facet's counts. Null if no roll-up has all columns of the
 * filter, or if roll-up and ledger do not both have the whole range.
 */
export function rollupCounts(
  facet: ExecutionFacet,
  query: FacetQuery,
  scope: RollupScope,
): { sql: string; params: Params } | null {
  const rollup = ROLLUPS[facet];
  const { fromMs } = query;
  if (rollup === undefined || fromMs === undefined || fromMs < scope.keptFromMs) return null;
  const known = new Set<string>([...NEUTRAL, ...rollup.filters]);
  if (Object.entries(query).some(([name, value]) => isGiven(value) && !known.has(name))) return null;
  const params: Params = {};
  const part = (select: string, where: Where) => {
    Object.assign(params, where.params);
    return `SELECT ${select} WHERE ${where}`;
  };
  const grains = (["days", "hours", "minutes"] as const).filter((grain) => grain in rollup.tables);
  const rows = "FROM schedule_execution_results AS results";
  const parts = piecesOf({ fromMs, toMs: query.toMs, nowMs: scope.nowMs }, grains).map((piece, i) => {
    const where = conditions(query, { ...piece, name: `p${i}` });
    if (piece.from === "ledger") return part(`${rollup.fromLedger} ${rows}`, where.and("results.rolled_up"));
    return part(`${rollup.fromTable(query)} FROM ${rollup.tables[piece.from]}`, where);
  });
  const notRolledUp = conditions(query, { from: "ledger", fromMs, toMs: query.toMs, name: "off" });
  parts.push(part(`${rollup.fromLedger} ${rows}`, notRolledUp.and("NOT results.rolled_up")));
  return { sql: parts.map((sql) => `SELECT value, counted FROM (${sql})`).join("\nUNION ALL\n"), params };
}

interface OpenPiece extends Omit<Piece, "toMs"> {
  toMs: number | undefined;
}

/**
 * The pieces of a range, which may have no end. The roll-ups are read up to the end of tomorrow in UTC; executions with
 * a later nominal time, such as cancelled runs, are read from the ledger.
 */
function piecesOf(
  { fromMs, toMs, nowMs }: { fromMs: number; toMs: number | undefined; nowMs: number },
  grains: readonly Grain[],
): OpenPiece[] {
  const endMs = (Math.floor(nowMs / DAY_MS) + 2) * DAY_MS;
  const range = { fromMs, nowMs, bucketMs: null, ledgerOnly: false };
  if (toMs !== undefined && toMs <= endMs) return pieces({ ...range, toMs }, grains);
  return [...pieces({ ...range, toMs: endMs }, grains), { from: "ledger", fromMs: Math.max(fromMs, endMs), toMs }];
}

function conditions(query: FacetQuery, piece: OpenPiece & { name: string }): Where {
  const { name, from } = piece;
  const column = from === "ledger" ? "scheduled_for" : "bucket";
  const where = new Where()
    .and(`${column} >= ${instant(`${name}_from`)}`, { [`${name}_from`]: piece.fromMs })
    .when(piece.toMs, `${column} < ${instant(`${name}_to`)}`, `${name}_to`)
    .when(query.topic, `topic IN {${name}_topic:Array(String)}`, `${name}_topic`)
    .topicsIn(query.topicPrefixes, `${name}_prefix`)
    .when(query.source, `source IN {${name}_source:Array(String)}`, `${name}_source`)
    .when(query.status, `outcome IN {${name}_status:Array(String)}`, `${name}_status`);
  // The tables of the roll-up count late executions in a column of their own.
  return from === "ledger" ? where.when(query.late, `results.late = {${name}_late:Bool}`, `${name}_late`) : where;
}
