"use client";

import { CirclePause, TriangleAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { useIsAllPaused } from "~/components/pause-all/use-pause-all";
import { Cadence } from "~/components/schedules/cadence";
import { displayName, displayParts } from "~/components/schedules/display-name";
import { UntilRun } from "~/components/schedules/next-run";
import { NoSchedulesYet } from "~/components/schedules/no-schedules-yet";
import type { Column } from "~/components/tables/column";
import { CursorPager } from "~/components/tables/cursor-pager";
import { PinnedTable } from "~/components/tables/pinned-table";
import type { TableQuery } from "~/components/tables/query-table";
import { type CursorPages, useCursorPages } from "~/components/tables/use-cursor-pages";
import type { RouterOutputs } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Callout } from "~/components/ui/callout";
import { EmptyState } from "~/components/ui/empty-state";
import { formatDuration } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { Instant } from "~/components/ui/time";
import type { UpcomingFiring } from "~/server/domain/views";
import { coverageText } from "./words";

const JITTER: Column<UpcomingFiring> = {
  id: "jitter",
  header: "Jitter",
  hideBelow: "lg",
  cell: (row) => (row.jitterSeconds === 0 ? null : `up to ${formatDuration(row.jitterSeconds * 1000)} later`),
};

/** The columns; without jitter if no row has it. */
const columnsOf = (hasJitter: boolean): readonly Column<UpcomingFiring>[] => [
  {
    id: "at",
    header: "Scheduled for",
    cell: (row) => (
      <span className="flex flex-col">
        <Instant value={row.at} />
        <Until row={row} />
        {row.note ? (
          <span className="flex items-start gap-1 text-warning-ink text-xs">
            <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
            {row.note}
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: "name",
    header: "Schedule",
    rowHeader: true,
    cell: (row) => (
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <ScheduleName row={row} />
        {row.state === "paused" ? <Paused row={row} /> : null}
      </span>
    ),
  },
  {
    id: "cadence",
    header: "Cadence",
    hideBelow: "md",
    cell: (row) => <Cadence cadence={row.cadence} cronExpression={row.cronExpression} />,
  },
  ...(hasJitter ? [JITTER] : []),
  {
    id: "topic",
    header: "Topic",
    hideBelow: "md",
    cell: (row) => <span className="break-words font-mono text-xs">{row.topic}</span>,
  },
];
const [COLUMNS, COLUMNS_WITH_JITTER] = [columnsOf(false), columnsOf(true)];

/** How long it is until the run. A paused schedule does not fire at this time. */
function Until({ row }: { row: UpcomingFiring }) {
  const isAllPaused = useIsAllPaused();
  return (
    <span className="text-muted text-xs">
      {row.state === "paused" ? (
        "Paused"
      ) : (
        <UntilRun at={row.at} jitterSeconds={row.jitterSeconds} isAllPaused={isAllPaused} />
      )}
    </span>
  );
}

function ScheduleName({ row }: { row: UpcomingFiring }) {
  const { title, entityId } = displayParts(row);
  return (
    <span className="flex min-w-0 flex-col">
      <Link href={`/schedules/${row.scheduleId}`} className="break-words rounded font-medium hover:underline">
        {title}
      </Link>
      {entityId === null ? null : <span className="break-all font-mono text-muted text-xs">{entityId}</span>}
    </span>
  );
}

/** By time, and by name at the same time. The server pages by time and id. */
const byTimeAndName = (a: UpcomingFiring, b: UpcomingFiring) =>
  Date.parse(a.at) - Date.parse(b.at) || displayName(a).localeCompare(displayName(b));

function Paused({ row }: { row: UpcomingFiring }) {
  return (
    <Badge tone="warning" className="not-italic" icon={<CirclePause aria-hidden />}>
      {row.pausedUntil ? (
        <>
          Paused until <Instant value={row.pausedUntil} format="short" precision="minute" />
        </>
      ) : (
        "Paused: does not fire"
      )}
    </Badge>
  );
}

/** The firings of the range in time order. A schedule has a row for each of its firings. */
export function FiringsTab({
  query,
  listKey,
  pages,
}: {
  query: TableQuery & { data: RouterOutputs["upcoming"]["firings"] | undefined };
  /** Identifies the filter and the page. */
  listKey: string;
  pages: CursorPages;
}) {
  const router = useRouter();
  const steps = useCursorPages(pages);
  const { data } = query;
  const rows = useMemo(() => data?.items.toSorted(byTimeAndName), [data?.items]);
  const coverageNote = data === undefined ? null : coverageText(data.coverage);
  return (
    <>
      {coverageNote ? (
        <Callout tone="warning" className="mb-3">
          {coverageNote}
        </Callout>
      ) : null}
      <PinnedTable
        query={query}
        listKey={listKey}
        noun="run"
        caption="Next runs, soonest first"
        columns={rows?.some(({ jitterSeconds }) => jitterSeconds > 0) ? COLUMNS_WITH_JITTER : COLUMNS}
        rows={rows}
        rowId={(row) => `${row.at} ${row.scheduleId}`}
        rowClassName={(row) => (row.state === "paused" ? "text-muted italic" : undefined)}
        onOpen={(row) => router.push(`/schedules/${row.scheduleId}`)}
        empty={
          <NoSchedulesYet text="The next runs of all schedules are listed here.">
            <EmptyState title="No runs">No schedule fires in this range.</EmptyState>
          </NoSchedulesYet>
        }
      />
      {data && (data.items.length > 0 || pages.cursor !== null) ? (
        <CursorPager
          shown={data.items.length}
          noun="run"
          loading={query.isPlaceholderData}
          onPrevious={steps.previous}
          onNext={steps.next(data.nextCursor)}
        />
      ) : null}
    </>
  );
}
