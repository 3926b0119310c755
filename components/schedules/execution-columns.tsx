"use client";

import { ExecutionLink } from "~/components/executions/execution-link";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import type { Column } from "~/components/tables/column";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Instant, Lateness } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import type { ExecutionRow } from "~/server/domain/views";

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
    hideBelow: "xl",
    cell: (row) => <Instant value={row.firedAt} precision="ms" />,
  },
  {
    id: "lateness",
    header: "Lateness",
    align: "right",
    hideBelow: "md",
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
          className="line-clamp-2 min-w-40 max-w-72 wrap-anywhere text-danger-ink text-xs max-sm:max-w-none"
          title={row.error}
        >
          {row.error}
        </span>
      ) : null,
  },
];
