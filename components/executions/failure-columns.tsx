"use client";

import { displayName } from "~/components/schedules/display-name";
import type { Column } from "~/components/tables/column";
import { Badge } from "~/components/ui/badge";
import { formatCounted, formatNumber } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { useNow } from "~/components/ui/now";
import { errorClassLabel } from "~/components/ui/reasons";
import { Relative } from "~/components/ui/time";
import type { FailureGroup } from "~/server/domain/views";

const DAY_MS = 86_400_000;

/** Marks an error that was first seen in the last 24 hours. */
function NewBadge({ firstSeenAt }: { firstSeenAt: string }) {
  const nowMs = useNow(60_000);
  if (Date.parse(firstSeenAt) < nowMs - DAY_MS) return null;
  return (
    <span title="First seen in the last 24 hours">
      <Badge tone="danger">New</Badge>
    </span>
  );
}

export const failureKey = ({ errorClass, shape }: FailureGroup) => JSON.stringify([errorClass, shape]);

/** Columns for dead executions that are grouped by error. */
export const FAILURE_COLUMNS: readonly Column<FailureGroup>[] = [
  {
    id: "error",
    header: "Error",
    rowHeader: true,
    cell: (group) => (
      <div className="min-w-0 py-1 sm:max-w-96">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          <span className="first-letter:uppercase">
            {group.errorClass === null ? "No error class recorded" : errorClassLabel(group.errorClass)}
          </span>
          <NewBadge firstSeenAt={group.firstSeenAt} />
        </span>
        <Link
          href={`/executions/${group.lastExecutionId}`}
          className="line-clamp-2 wrap-anywhere rounded text-danger-ink text-xs hover:underline"
        >
          {group.error || "No error was recorded"}
        </Link>
      </div>
    ),
  },
  { id: "count", header: "Executions", align: "right", cell: (group) => formatNumber(group.count) },
  {
    id: "open",
    header: "Dead letters",
    align: "right",
    hideBelow: "md",
    cell: (group) => formatNumber(group.open),
  },
  {
    id: "schedules",
    header: "Schedules",
    hideBelow: "md",
    cell: (group) => (
      <div className="min-w-0 max-w-64 text-sm">
        {group.schedules.map((schedule) => (
          <Link
            key={schedule.scheduleId}
            href={`/schedules/${schedule.scheduleId}`}
            className="block truncate rounded hover:underline max-sm:leading-6"
          >
            {displayName(schedule)}
          </Link>
        ))}
        {group.scheduleCount > group.schedules.length ? (
          <span className="text-muted text-xs">
            and {formatCounted(group.scheduleCount - group.schedules.length, "other")}
          </span>
        ) : null}
      </div>
    ),
  },
  { id: "firstSeen", header: "First seen", hideBelow: "lg", cell: (group) => <Relative value={group.firstSeenAt} /> },
  { id: "last", header: "Last seen", cell: (group) => <Relative value={group.lastAt} /> },
];
