"use client";

import { BarList } from "~/components/charts/bar-list";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { SOURCE_LABELS } from "~/components/schedules/schedule-name";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatDuration, formatNumber, formatRatio } from "~/components/ui/format";
import { TIER_LABELS } from "~/components/ui/outcome";
import { errorClassLabel } from "~/components/ui/reasons";
import type { Source } from "~/server/domain/schedule";

type Summary = RouterOutputs["analytics"]["summary"];
const DANGER = "var(--outcome-dead)";

/** What stands out in the range: failures, errors, topics, sources, tiers. `link` narrows the executions. */
export function RankedTiles({
  query,
  link,
}: {
  query: TileQuery<Summary>;
  link: (more: Record<string, string>) => string;
}) {
  const nothing = <p className="text-muted text-sm">Nothing in this range.</p>;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <QueryTile title="Failing schedules" description="By runs that ended dead or expired" query={query}>
        {({ topFailures }) =>
          topFailures.length === 0 ? (
            nothing
          ) : (
            <BarList
              label="Failing schedules"
              color={DANGER}
              rows={topFailures.map((row) => ({
                id: row.scheduleId,
                label: row.scheduleName ?? row.scheduleId,
                value: row.failed,
                text: `${formatNumber(row.failed)} of ${formatNumber(row.total)}`,
                href: link({ schedule: row.scheduleId, status: "dead,expired" }),
              }))}
            />
          )
        }
      </QueryTile>
      <QueryTile title="Errors" description="Of runs that ended dead" query={query}>
        {({ topErrors }) =>
          topErrors.length === 0 ? (
            nothing
          ) : (
            <BarList
              label="Errors"
              color={DANGER}
              rows={topErrors.map((row) => ({
                id: `${row.errorClass} ${row.error}`,
                label: row.error,
                hint: errorClassLabel(row.errorClass),
                value: row.count,
                href: link({ error: row.errorClass }),
              }))}
            />
          )
        }
      </QueryTile>
      <QueryTile title="Topics" description="Runs, the share that succeeded, lateness p95" query={query}>
        {({ byTopic }) =>
          byTopic.length === 0 ? (
            nothing
          ) : (
            <BarList
              label="Topics"
              rows={byTopic.map((row) => ({
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
              }))}
            />
          )
        }
      </QueryTile>
      <div className="flex flex-col gap-4">
        <QueryTile title="Sources" query={query}>
          {({ bySource }) =>
            bySource.length === 0 ? (
              nothing
            ) : (
              <BarList
                label="Sources"
                rows={bySource.map((row) => ({
                  id: row.source,
                  label: SOURCE_LABELS[row.source as Source] ?? row.source,
                  value: row.total,
                  hint: row.dead > 0 ? `${formatNumber(row.dead)} dead` : undefined,
                  href: link({ source: row.source }),
                }))}
              />
            )
          }
        </QueryTile>
        <QueryTile title="Time in each tier" description="From where a run waited until it was due" query={query}>
          {({ byTier }) =>
            byTier.length === 0 ? (
              nothing
            ) : (
              <BarList
                label="Time in each tier"
                rows={byTier.map((row) => ({
                  id: row.tier,
                  label: TIER_LABELS[row.tier],
                  value: row.total,
                  text: `${formatNumber(row.total)} runs`,
                  hint:
                    row.queueP50Ms === null
                      ? undefined
                      : `p50 ${formatDuration(row.queueP50Ms)}, p95 ${formatDuration(row.queueP95Ms ?? row.queueP50Ms)}`,
                }))}
              />
            )
          }
        </QueryTile>
      </div>
    </div>
  );
}
