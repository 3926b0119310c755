"use client";

import { CircleCheck } from "lucide-react";
import { BarList } from "~/components/charts/bar-list";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { displayName } from "~/components/schedules/display-name";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatNumber, formatRatio } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";

/** The server returns at most this many rows. */
const MAX_ROWS = 10;

/** The schedules with the most dead and expired executions of the last 24 hours. */
export function FailingSchedules({ query }: { query: TileQuery<RouterOutputs["analytics"]["topFailures"]> }) {
  return (
    <QueryTile
      title="Schedules with failures"
      description="Dead and expired executions in the last 24 hours"
      query={query}
      skeletonLines={6}
      actions={
        <TextLink href="/executions?status=dead,expired" className="text-sm">
          All failures
        </TextLink>
      }
    >
      {(topFailures) =>
        topFailures.length === 0 ? (
          <EmptyNote>No failures.</EmptyNote>
        ) : (
          <BarList
            label="Schedules with failures"
            color="var(--outcome-dead)"
            note={topFailures.length === MAX_ROWS ? `Top ${MAX_ROWS} by failed executions` : undefined}
            rows={topFailures.map((row) => ({
              id: row.scheduleId,
              label: displayName(row),
              value: row.failed,
              whole: row.total,
              text: failedText(row),
              href: `/schedules/${row.scheduleId}`,
            }))}
          />
        )
      }
    </QueryTile>
  );
}

/** "7 of 144 (5%)", and with decimals below 1%: "3 of 10,080 (0.03%)". */
export function failedText({ failed, total }: { failed: number; total: number }): string {
  const share = formatRatio(failed / total, failed / total < 0.01 ? 2 : 0);
  return `${formatNumber(failed)} of ${formatNumber(total)} (${share})`;
}

export function EmptyNote({ children }: { children: string }) {
  return (
    <p className="flex items-center gap-2 text-muted text-sm">
      <CircleCheck aria-hidden className="size-4 shrink-0 text-success-ink" />
      {children}
    </p>
  );
}
