"use client";

import type { TileQuery } from "~/components/queries/query-tile";
import { StatTile } from "~/components/queries/stat-tile";
import type { RouterOutputs } from "~/components/trpc/client";
import {
  formatCompact,
  formatCount,
  formatNumber,
  formatPercentile,
  formatRatio,
  NO_VALUE,
} from "~/components/ui/format";
import { countDelta } from "./delta";
import { executionsLink } from "./executions-link";

const DAY = { preset: "24h" } as const;
const PERIOD = "the previous 24 h";

/** Totals of the last and the next 24 hours. */
export function SummaryTiles({
  summary,
  due,
}: {
  summary: TileQuery<RouterOutputs["analytics"]["totals"]>;
  due: TileQuery<RouterOutputs["schedules"]["count"]>;
}) {
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile label="Succeeded, last 24 h" query={summary}>
        {({ totals, previous }) => ({
          value: <Amount count={totals.succeeded} />,
          href: executionsLink(DAY, ["succeeded"]),
          delta: countDelta({ now: totals.succeeded, before: previous.succeeded, period: PERIOD }),
          hint: previous.succeeded === 0 ? `None in ${PERIOD}` : undefined,
        })}
      </StatTile>
      <StatTile label="Failed, last 24 h" query={summary}>
        {({ totals, previous, successRate }) => {
          const failed = totals.dead + totals.expired;
          const before = previous.dead + previous.expired;
          return {
            value: <Amount count={failed} />,
            tone: failed > 0 ? "danger" : "neutral",
            href: executionsLink(DAY, ["dead", "expired"]),
            delta: countDelta({ now: failed, before, better: "down", period: PERIOD }),
            hint: successRate === null ? "None succeeded or failed" : `${formatRatio(successRate)} succeeded`,
          };
        }}
      </StatTile>
      <StatTile label="Lateness p95, last 24 h" query={summary}>
        {({ latenessMs, totals }) => ({
          value: latenessMs.p95 === null ? NO_VALUE : formatPercentile(latenessMs.p95),
          tone: totals.late > 0 ? "warning" : "neutral",
          href: `${executionsLink(DAY)}&sort=lateness`,
          hint: totals.succeeded === 0 ? "No successful executions" : `${formatNumber(totals.late)} late`,
        })}
      </StatTile>
      <StatTile label="Due, next 24 h" query={due}>
        {({ total, totalIsExact }) => ({
          value: (
            <>
              {formatCount(total, !totalIsExact)}
              <span className="ml-1.5 font-normal text-base text-muted">{total === 1 ? "schedule" : "schedules"}</span>
            </>
          ),
          href: "/schedules?sort=next_execution",
          hint: total === 0 ? "No runs planned" : "Each with at least one run",
        })}
      </StatTile>
    </div>
  );
}

/** A larger number does not fit into a tile on a phone. */
const MAX_FULL_NUMBER = 99_999;

function Amount({ count }: { count: number }) {
  return (
    <span title={formatNumber(count)}>{count <= MAX_FULL_NUMBER ? formatNumber(count) : formatCompact(count)}</span>
  );
}
