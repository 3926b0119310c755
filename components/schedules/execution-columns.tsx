"use client";

import Link from "next/link";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import type { Column } from "~/components/tables/data-table";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Instant, Lateness } from "~/components/ui/time";
import type { ExecutionRow } from "~/server/domain/views";

/** Columns of one schedule's executions, with planned and actual time in separate columns. */
export const EXECUTION_COLUMNS: readonly Column<ExecutionRow>[] = [
  {
    id: "scheduledFor",
    header: "Scheduled for",
    rowHeader: true,
    cell: (row) => (
      <Link href={`/executions/${row.executionId}`} className="rounded font-medium hover:underline">
        <Instant value={row.scheduledFor} />
      </Link>
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
    hideBelow: "md",
    cell: (row) => <Instant value={row.firedAt} precision="ms" />,
  },
  {
    id: "lateness",
    header: "Lateness",
    align: "right",
    hideBelow: "sm",
    cell: (row) => <Lateness ms={row.firedAt === null ? null : row.latenessMs} late={row.late} />,
  },
  { id: "attempts", header: "Attempts", align: "right", hideBelow: "sm", cell: (row) => row.attemptCount },
  {
    id: "trigger",
    header: "Trigger",
    hideBelow: "lg",
    cell: (row) => (
      <>
        {TRIGGER_LABELS[row.trigger]}
        {row.actor ? <span className="block text-muted text-xs">{row.actor}</span> : null}
      </>
    ),
  },
  { id: "version", header: "Version", align: "right", hideBelow: "xl", cell: (row) => row.scheduleVersion },
  {
    id: "error",
    header: "Error",
    hideBelow: "lg",
    cell: (row) =>
      row.error ? (
        <span className="line-clamp-1 max-w-72 break-all text-danger-ink" title={row.error}>
          {row.error}
        </span>
      ) : null,
  },
];
