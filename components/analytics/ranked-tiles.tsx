"use client";

import { BarList, type BarListRow } from "~/components/charts/bar-list";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { displayName } from "~/components/schedules/display-name";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatDuration, formatNumber, formatRatio } from "~/components/ui/format";
import { TIER_LABELS } from "~/components/ui/outcome";
import { errorClassLabel } from "~/components/ui/reasons";
import type { Source } from "~/server/domain/schedule";

type Summary = RouterOutputs["analytics"]["summary"];
/** The executions of the range, narrowed by `more`. */
type ExecutionsLink = (more: Record<string, string>) => string;

interface RankedTile {
  title: string;
  description?: string;
  color?: string;
  rows: (summary: Summary, link: ExecutionsLink) => BarListRow[];
}

const DANGER = "var(--outcome-dead)";

const FAILING_SCHEDULES: RankedTile = {
  title: "Failing schedules",
  description: "By executions that ended dead or expired",
  color: DANGER,
  rows: ({ topFailures }, link) =>
    topFailures.map((row) => ({
      id: row.scheduleId,
      label: displayName(row),
      value: row.failed,
      text: `${formatNumber(row.failed)} of ${formatNumber(row.total)}`,
      href: link({ schedule: row.scheduleId, status: "dead,expired" }),
    })),
};

const ERRORS: RankedTile = {
  title: "Errors",
  description: "Of executions that ended dead",
  color: DANGER,
  rows: ({ topErrors }, link) =>
    topErrors.map((row) => ({
      id: `${row.errorClass} ${row.error}`,
      label: row.error,
      hint: errorClassLabel(row.errorClass),
      value: row.count,
      href: link({ error: row.errorClass }),
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
        row.latenessP95 === null ? null : `p95 ${formatDuration(row.latenessP95)} late`,
      ]
        .filter(Boolean)
        .join(" · "),
      href: link({ topic: row.topic }),
    })),
};

const SOURCES: RankedTile = {
  title: "Sources",
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
  title: "Time in each tier",
  description: "How long an occurrence waited there until it was due",
  rows: ({ byTier }) =>
    byTier.map((row) => ({
      id: row.tier,
      label: TIER_LABELS[row.tier],
      value: row.total,
      text: `${formatNumber(row.total)} executions`,
      hint:
        row.queueP50Ms === null
          ? undefined
          : `p50 ${formatDuration(row.queueP50Ms)}, p95 ${formatDuration(row.queueP95Ms ?? row.queueP50Ms)}`,
    })),
};

/** Failures, errors, topics, sources and tiers of the range, each ranked by count. */
export function RankedTiles({ query, link }: { query: TileQuery<Summary>; link: ExecutionsLink }) {
  const draw = (tile: RankedTile) => <Ranked key={tile.title} tile={tile} query={query} link={link} />;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {[FAILING_SCHEDULES, ERRORS, TOPICS].map(draw)}
      <div className="flex flex-col gap-4">{[SOURCES, TIERS].map(draw)}</div>
    </div>
  );
}

function Ranked({ tile, query, link }: { tile: RankedTile; query: TileQuery<Summary>; link: ExecutionsLink }) {
  return (
    <QueryTile title={tile.title} description={tile.description} query={query}>
      {(summary) => {
        const rows = tile.rows(summary, link);
        if (rows.length === 0) return <p className="text-muted text-sm">Nothing in this range.</p>;
        return <BarList label={tile.title} color={tile.color} rows={rows} />;
      }}
    </QueryTile>
  );
}
