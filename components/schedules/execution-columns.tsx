"use client";

import type { ReactNode } from "react";
import { ExecutionLink } from "~/components/executions/execution-link";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import type { Column } from "~/components/tables/column";
import { formatCounted, formatInstant } from "~/components/ui/format";
import { NoValue } from "~/components/ui/no-value";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Instant, Lateness, useDisplayZone } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import type { ExecutionRow } from "~/server/domain/views";

/** The time of firing, without the date if that is the date of the scheduled time. */
function FiredAt({ row }: { row: ExecutionRow }) {
  const { zone } = useDisplayZone();
  const { firedAt, attemptCount } = row;
  const attempts = attemptCount > 1 ? formatCounted(attemptCount, "attempt") : null;
  if (firedAt === null) {
    return (
      <>
        <NoValue />
        {attempts === null ? null : <NarrowDetails> after {attempts}</NarrowDetails>}
      </>
    );
  }
  const isSameDay = dayOf(firedAt, zone) === dayOf(row.scheduledFor, zone);
  return (
    <>
      <Instant value={firedAt} format={isSameDay ? "time" : "full"} precision="ms" />
      <NarrowDetails>
        <Lateness ms={row.latenessMs} late={row.late} />
        {attempts === null ? null : `, ${attempts}`}
      </NarrowDetails>
    </>
  );
}

const dayOf = (time: string, zone: string) => formatInstant(Date.parse(time), { zone, hour12: false, format: "date" });

/** The values of columns that a card does not have. */
function NarrowDetails({ children }: { children: ReactNode }) {
  return <span className="text-muted sm:hidden">{children}</span>;
}

/** Columns of one schedule's executions, with planned and actual time in separate columns. */
export const EXECUTION_COLUMNS: readonly Column<ExecutionRow>[] = [
  {
    id: "scheduledFor",
    header: "Scheduled for",
    rowHeader: true,
    cell: (row) => (
      <ExecutionLink executionId={row.executionId}>
        <Instant value={row.scheduledFor} />
      </ExecutionLink>
    ),
  },
  {
    id: "outcome",
    header: "Outcome",
    cell: (row) => <OutcomeBadge outcome={row.status} late={row.late} reason={row.reason} showReason />,
  },
  {
    id: "firedAt",
    header: "Fired at",
    hideBelow: "lg",
    cell: (row) => <FiredAt row={row} />,
  },
  {
    id: "lateness",
    header: "Lateness",
    align: "right",
    hideBelow: "md",
    // A card has it beside the time of firing.
    card: "none",
    cell: (row) => <Lateness ms={row.firedAt === null ? null : row.latenessMs} late={row.late} />,
  },
  {
    id: "attempts",
    header: "Attempts",
    align: "right",
    hideBelow: "lg",
    card: "none",
    cell: (row) => row.attemptCount,
  },
  {
    id: "trigger",
    header: "Trigger",
    hideBelow: "xl",
    card: "none",
    cell: (row) => (
      <>
        {TRIGGER_LABELS[row.trigger]}
        {row.actor ? <span className="text-muted text-xs sm:block">{shownActor(row.actor)}</span> : null}
      </>
    ),
  },
  {
    id: "version",
    header: "Version",
    align: "right",
    hideBelow: "xl",
    card: "none",
    cell: (row) => row.scheduleVersion,
  },
  {
    id: "error",
    header: "Error",
    card: "line",
    cell: (row) =>
      row.error ? (
        <span
          className="line-clamp-2 min-w-32 max-w-72 wrap-anywhere text-danger-ink text-xs max-sm:max-w-none"
          title={row.error}
        >
          {row.error}
        </span>
      ) : null,
  },
];
