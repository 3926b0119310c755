"use client";

import type { Column } from "~/components/tables/column";
import { Badge } from "~/components/ui/badge";
import { formatCount, formatCounted } from "~/components/ui/format";
import { Instant, Relative } from "~/components/ui/time";
import { REFUSED, SUCCEEDED } from "~/server/domain/audit/results";
import type { AuditRow } from "./audit-row";
import { actionLabel, actorName, originOf } from "./labels";
import { TargetLink } from "./target-link";

/** The action, the number of schedules that it changed, and the error of a refused call. */
export function VerbCell({ entry }: { entry: AuditRow }) {
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {actionLabel(entry)}
      {entry.targetCount > 0 && entry.verb.startsWith("schedule.") ? (
        <span className="text-muted text-xs">{formatCounted(entry.targetCount, "schedule")}</span>
      ) : null}
      <Unsuccessful entry={entry} />
    </span>
  );
}

/** The result of a call that did not succeed, with its error code and the number of such calls. */
function Unsuccessful({ entry: { result, errorCode, count } }: { entry: AuditRow }) {
  if (result === SUCCEEDED) return null;
  return (
    <>
      <Badge tone="danger">
        {result === REFUSED ? "Refused" : result}
        {count > 1 ? ` × ${formatCount(count)}` : null}
      </Badge>
      {errorCode === null ? null : <code className="truncate font-mono text-muted text-xs">{errorCode}</code>}
    </>
  );
}

const WHEN: Column<AuditRow> = {
  id: "at",
  header: "When",
  cell: (row) => (
    <div className="flex flex-col">
      <Instant value={row.at} />
      <Relative value={row.at} className="text-muted text-xs" />
    </div>
  ),
};

const ACTOR: Column<AuditRow> = {
  id: "actor",
  header: "Actor",
  className: "sm:max-w-52",
  cell: (row) => (
    <div className="min-w-0">
      <span className="block truncate" title={actorName(row)}>
        {actorName(row)}
      </span>
      {row.onBehalfOf === null ? null : <span className="block truncate text-xs">for {row.onBehalfOf}</span>}
      <span className="block truncate text-muted text-xs empty:hidden">{originOf(row)}</span>
    </div>
  ),
};

const NOTE: Column<AuditRow> = {
  id: "note",
  header: "Note",
  hideBelow: "md",
  className: "sm:max-w-72",
  cell: (row) =>
    row.note === null ? null : (
      <span className="line-clamp-2 wrap-anywhere text-sm" title={row.note}>
        {row.note}
      </span>
    ),
};

/** Columns for the entries of all targets. */
export const AUDIT_COLUMNS: readonly Column<AuditRow>[] = [
  { id: "verb", header: "Action", rowHeader: true, cell: (row) => <VerbCell entry={row} /> },
  { id: "target", header: "Target", className: "sm:max-w-64", cell: (row) => <TargetLink entry={row} /> },
  ACTOR,
  WHEN,
  NOTE,
];

/** Columns for the entries of one schedule. */
export const ACTIVITY_COLUMNS: readonly Column<AuditRow>[] = AUDIT_COLUMNS.filter(({ id }) => id !== "target");
