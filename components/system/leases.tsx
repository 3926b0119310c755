"use client";

import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { NameOfSchedule } from "~/components/schedules/name-of-schedule";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatNumber } from "~/components/ui/format";
import { SignalText } from "~/components/ui/signal-text";
import { TextLink } from "~/components/ui/text-link";
import { Relative } from "~/components/ui/time";

type Leases = RouterOutputs["monitoring"]["leases"];
type Lease = Leases["items"][number];

const COLUMNS: readonly Column<Lease>[] = [
  {
    id: "worker",
    header: "Worker",
    rowHeader: true,
    cell: ({ workerId }) => <span className="break-all font-mono text-xs">{workerId}</span>,
  },
  {
    id: "state",
    header: "State",
    cell: ({ alive }) =>
      alive ? <SignalText state="ok">Alive</SignalText> : <SignalText state="critical">No heartbeat</SignalText>,
  },
  { id: "leases", header: "Leases", align: "right", cell: ({ leases }) => formatNumber(leases) },
  {
    id: "first",
    header: "Oldest",
    cell: ({ firstScheduleId }) => (
      <TextLink href={`/schedules/${firstScheduleId}`} className="break-words">
        <NameOfSchedule scheduleId={firstScheduleId} />
      </TextLink>
    ),
  },
  { id: "ends", header: "Oldest ends", cell: ({ firstEndsAt }) => <Relative value={firstEndsAt} /> },
];

/** A row for each worker: the number of its leases, and the lease that ends first, which is usually the oldest. */
export function LeasesTable({ query }: { query: TileQuery<Leases> }) {
  return (
    <QueryTile
      title="Leases"
      description="A lease gives a claimed run to one worker. If the worker dies, the run becomes due again when the lease ends."
      query={query}
      padded={false}
      skeletonLines={2}
      className="mb-4"
    >
      {({ items, isComplete }) =>
        items.length === 0 ? (
          <p className="p-4 text-muted text-sm">No worker holds a lease now.</p>
        ) : (
          <>
            <DataTable
              caption="Leases"
              className="rounded-none border-0 shadow-none"
              columns={COLUMNS}
              rows={items}
              rowId={({ workerId }) => workerId}
            />
            {isComplete ? null : (
              <p className="border-t px-4 py-2 text-muted text-xs">
                Only the leases that end first are counted here. There are more.
              </p>
            )}
          </>
        )
      }
    </QueryTile>
  );
}
