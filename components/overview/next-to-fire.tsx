"use client";

import { Zap } from "lucide-react";
import { useMemo, useState } from "react";
import { IfMay } from "~/components/access/may";
import { usePauseAll } from "~/components/pause-all/use-pause-all";
import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { cadenceParts } from "~/components/schedules/cadence-parts";
import { zoneInWords } from "~/components/schedules/definition-words";
import { displayName } from "~/components/schedules/display-name";
import { RunTime, UntilRun } from "~/components/schedules/next-run";
import { usePinnedRows } from "~/components/tables/pinned-rows";
import type { RouterOutputs } from "~/components/trpc/client";
import { IconButton } from "~/components/ui/icon-button";
import { Link } from "~/components/ui/link";
import { TextLink } from "~/components/ui/text-link";
import { nextBySchedule } from "./next-by-schedule";

const MAX_ROWS = 20;

export type UpcomingRun = RouterOutputs["monitoring"]["upcoming"][number];

/**
 * The next run of each schedule that is due soon. While the pointer or the focus is in the list, rows keep their places
 * and only their data changes.
 */
export function NextToFire({ query, onRun }: { query: TileQuery<UpcomingRun[]>; onRun: (run: UpcomingRun) => void }) {
  const pause = usePauseAll();
  return (
    <QueryTile
      title="Next runs"
      description={pause?.paused ? "All firing is paused" : "Next run of each schedule, soonest first"}
      query={query}
      padded={false}
      skeletonLines={12}
      actions={
        <TextLink href="/schedules?sort=next_execution" className="text-sm">
          All schedules
        </TextLink>
      }
    >
      {(rows) => <Rows rows={rows} isAllPaused={pause?.paused ?? false} onRun={onRun} />}
    </QueryTile>
  );
}

interface RowProps {
  /** All firing is paused, so no run starts at its time. */
  isAllPaused: boolean;
  onRun: (run: UpcomingRun) => void;
}

function Rows({ rows, ...props }: RowProps & { rows: UpcomingRun[] }) {
  const [engaged, setEngaged] = useState(false);
  const next = useMemo(() => nextBySchedule(rows, MAX_ROWS), [rows]);
  const shown =
    usePinnedRows({ rows: next, listKey: "upcoming", engaged, isPaged: false, id: (row) => row.scheduleId }).rows ??
    next;
  if (shown.length === 0) {
    return (
      <p className="p-4 text-muted text-sm">
        No runs are due soon. Long-term schedules are listed here once they have moved to Redis.
      </p>
    );
  }
  return (
    <ul
      aria-label="Next runs"
      className="divide-y"
      onPointerEnter={() => setEngaged(true)}
      onPointerLeave={() => setEngaged(false)}
      onFocus={() => setEngaged(true)}
      onBlur={() => setEngaged(false)}
    >
      {shown.map((run) => (
        <Run key={run.scheduleId} run={run} {...props} />
      ))}
    </ul>
  );
}

function Run({ run, isAllPaused, onRun }: RowProps & { run: UpcomingRun }) {
  const title = displayName(run);
  const { words, zone } = cadenceParts(run.cadence);
  return (
    <li className="flex items-center gap-2 py-1.5 pr-4 pl-4 hover:bg-sunken">
      <div className="min-w-0 flex-1">
        <Link
          href={`/schedules/${run.scheduleId}`}
          className="block truncate rounded font-medium text-sm hover:underline"
        >
          {title}
        </Link>
        <p
          className="line-clamp-2 text-muted text-xs"
          title={[run.cronExpression, run.cadence].filter(Boolean).join(": ")}
        >
          {words}
          {zone === null ? null : <span className="whitespace-nowrap"> ({zoneInWords(zone)})</span>}
        </p>
      </div>
      <div className="flex shrink-0 flex-col items-end text-sm">
        <UntilRun at={run.effective} isAllPaused={isAllPaused} />
        <RunTime {...run} className="whitespace-nowrap text-muted text-xs" />
      </div>
      <IfMay right="schedules:run">
        <IconButton size="sm" label={`Run ${title} now`} icon={<Zap aria-hidden />} onClick={() => onRun(run)} />
      </IfMay>
    </li>
  );
}
