"use client";

import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { displayName } from "~/components/schedules/display-name";
import type { RouterOutputs } from "~/components/trpc/client";
import { Link } from "~/components/ui/link";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { endReasonLabel } from "~/components/ui/reasons";
import { TextLink } from "~/components/ui/text-link";
import { Relative } from "~/components/ui/time";
import { executionsLink } from "./executions-link";
import { EmptyNote } from "./failing-schedules";

type Failures = RouterOutputs["executions"]["list"];

/** The newest executions that ended dead or expired, with their errors. */
export function RecentFailures({ query }: { query: TileQuery<Failures> }) {
  return (
    <QueryTile
      title="Recent failures"
      description="Newest in the last 24 hours"
      query={query}
      padded={false}
      skeletonLines={6}
      actions={
        <TextLink href={executionsLink({ preset: "24h" }, ["dead", "expired"])} className="text-sm">
          All failures
        </TextLink>
      }
    >
      {({ items }) =>
        items.length === 0 ? (
          <div className="p-4">
            <EmptyNote>No failures.</EmptyNote>
          </div>
        ) : (
          <ul aria-label="Recent failures" className="divide-y">
            {items.map((run) => (
              <Failure key={run.executionId} run={run} />
            ))}
          </ul>
        )
      }
    </QueryTile>
  );
}

function Failure({ run }: { run: Failures["items"][number] }) {
  return (
    <li className="relative flex items-start justify-between gap-3 px-4 py-2 hover:bg-sunken">
      <div className="min-w-0">
        <Link
          href={`/executions/${run.executionId}`}
          className="block truncate rounded font-medium text-sm after:absolute after:inset-0 hover:underline"
        >
          {displayName(run)}
        </Link>
        <p className="truncate text-muted text-xs" title={run.error ?? undefined}>
          {run.error ?? (run.reason ? endReasonLabel(run.reason) : "No reason was recorded")}
        </p>
      </div>
      <div className="flex shrink-0 flex-col items-end gap-0.5">
        <OutcomeBadge outcome={run.status} />
        <Relative value={run.endedAt} className="text-muted text-xs" />
      </div>
    </li>
  );
}
