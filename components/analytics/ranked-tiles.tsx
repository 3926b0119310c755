"use client";

import { useQuery } from "@tanstack/react-query";
import { BarList, type BarListRow } from "~/components/charts/bar-list";
import { failedText } from "~/components/overview/failing-schedules";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { displayName } from "~/components/schedules/display-name";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import { type RouterInputs, type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { formatCounted, formatNumber, formatPercentile, formatRatio } from "~/components/ui/format";
import { OUTCOME_LABELS, TIER_LABELS } from "~/components/ui/outcome";
import { endReasonText, errorClassLabel } from "~/components/ui/reasons";
import { errorShape } from "~/server/domain/error-shape";
import type { Source } from "~/server/domain/schedule";
import { ERRORS_TITLE, FAILING_TITLE } from "./tile-titles";

type Summary = RouterOutputs["analytics"]["summary"];
/** Returns the address of the executions of the range, narrowed by the filters in `more`. */
type ExecutionsLink = (more: Record<string, string>) => string;

interface RankedTile {
  title: string;
  description?: string;
  color?: string;
  /** `period` is the period before the range: "the previous 24 h". */
  rows: (summary: Summary, link: ExecutionsLink, period: string) => BarListRow[];
}

const DANGER = "var(--outcome-dead)";

const FAILING_SCHEDULES: RankedTile = {
  title: FAILING_TITLE,
  description: "By executions that ended dead or expired",
  color: DANGER,
  rows: ({ topFailures }, link) =>
    topFailures.map((row) => ({
      id: row.scheduleId,
      label: displayName(row),
      value: row.failed,
      whole: row.total,
      text: failedText(row),
      href: `/schedules/${row.scheduleId}`,
      valueHref: link({ schedule: row.scheduleId, status: "dead,expired" }),
    })),
};

const ERRORS: RankedTile = {
  title: ERRORS_TITLE,
  description: "The errors of executions that ended dead",
  color: DANGER,
  rows: ({ topErrors }, link, period) =>
    topErrors.map((row) => ({
      id: `${row.errorClass} ${row.error}`,
      label: row.error,
      hint: errorHint(row, period),
      value: row.count,
      href: link(errorFilter(row)),
    })),
};

/** The filter of the executions that an error counts: its class and its text without numbers and ids. */
export function errorFilter(row: Pick<Summary["topErrors"][number], "errorClass" | "error">): Record<string, string> {
  const shape = errorShape(row.error);
  return { error: row.errorClass, ...(shape === "" ? {} : { shape }) };
}

/** The class of an error, and whether the period before the range had no such error. */
export function errorHint(row: Pick<Summary["topErrors"][number], "errorClass" | "isNew">, period: string): string {
  return [row.isNew ? `Not in ${period}` : null, errorClassLabel(row.errorClass)].filter(Boolean).join(" · ");
}

const REASONS: RankedTile = {
  title: "Reasons",
  description: "Why executions did not succeed, and which errors led to retries",
  color: "var(--outcome-skipped)",
  rows: ({ topReasons }, link) =>
    (topReasons ?? []).map(({ kind, reason, count }) => ({
      id: `${kind} ${reason}`,
      label:
        kind === "retry" ? `Retries: ${errorClassLabel(reason)}` : `${OUTCOME_LABELS[kind]}: ${endReasonText(reason)}`,
      value: count,
      href: link(kind === "retry" ? { retried: "true" } : { status: kind, reason }),
    })),
};

const TOPICS: RankedTile = {
  title: "Topics",
  description: "Executions, success rate, lateness p95",
  rows: ({ byTopic }, link) =>
    byTopic.map((row) => ({
      id: row.topic,
      label: row.topic,
      value: row.total,
      hint: [
        row.successRate === null ? null : `${formatRatio(row.successRate)} succeeded`,
        row.latenessP95 === null ? null : `p95 lateness ${formatPercentile(row.latenessP95)}`,
      ]
        .filter(Boolean)
        .join(" · "),
      href: link({ topic: row.topic }),
    })),
};

const SOURCES: RankedTile = {
  title: "Sources",
  description: "Executions by where their schedule was created",
  rows: ({ bySource }, link) =>
    bySource.map((row) => ({
      id: row.source,
      label: SOURCE_LABELS[row.source as Source] ?? row.source,
      value: row.total,
      hint: row.dead > 0 ? `${formatNumber(row.dead)} dead` : undefined,
      href: link({ source: row.source }),
    })),
};

const TIERS: RankedTile = {
  title: "Time in Redis",
  description: "From the entry into Redis, or from the previous run, to firing; by tier of origin",
  rows: ({ byTier }) =>
    byTier.map((row) => ({
      id: row.tier,
      label: TIER_LABELS[row.tier],
      value: row.total,
      text: formatCounted(row.total, "execution"),
      hint:
        row.queueP50Ms === null
          ? undefined
          : `p50 ${formatPercentile(row.queueP50Ms)}, p95 ${formatPercentile(row.queueP95Ms ?? row.queueP50Ms)}`,
    })),
};

/** Rankings by count: failures, errors, reasons, sources, tiers and topics. For one schedule: only errors and tiers. */
export function RankedTiles({
  input,
  link,
  ofOneSchedule,
  period,
  refetchInterval,
}: {
  input: RouterInputs["analytics"]["summary"];
  link: ExecutionsLink;
  ofOneSchedule: boolean;
  /** The period before the range, with which errors are compared: "the previous 24 h". */
  period: string;
  refetchInterval: number | false;
}) {
  const trpc = useTRPC();
  const query = useQuery(trpc.analytics.summary.queryOptions(input, { ...KEEP_PREVIOUS, refetchInterval }));
  const draw = (tile: RankedTile) => <Ranked key={tile.title} tile={tile} query={query} link={link} period={period} />;
  if (ofOneSchedule) return <div className="grid gap-4 lg:grid-cols-2">{[ERRORS, TIERS].map(draw)}</div>;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {[FAILING_SCHEDULES, ERRORS].map(draw)}
      <div className="flex flex-col gap-4">{[REASONS, SOURCES, TIERS].map(draw)}</div>
      {draw(TOPICS)}
    </div>
  );
}

function Ranked({
  tile,
  query,
  link,
  period,
}: {
  tile: RankedTile;
  query: TileQuery<Summary>;
  link: ExecutionsLink;
  period: string;
}) {
  return (
    <QueryTile title={tile.title} description={tile.description} query={query}>
      {(summary) => {
        const rows = tile.rows(summary, link, period);
        if (rows.length === 0) return <p className="text-muted text-sm">None in this range.</p>;
        return <BarList label={tile.title} color={tile.color} rows={rows} />;
      }}
    </QueryTile>
  );
}
