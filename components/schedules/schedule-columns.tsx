"use client";

import { RunStrip } from "~/components/charts/run-strip";
import { useIsAllPaused } from "~/components/pause-all/use-pause-all";
import type { Column } from "~/components/tables/column";
import { Badge } from "~/components/ui/badge";
import { cn } from "~/components/ui/cn";
import { formatNumber, wallTime } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { useNow } from "~/components/ui/now";
import { OUTCOME_LABELS, shownOutcome } from "~/components/ui/outcome";
import { OUTCOME_LOOKS, OutcomeBadge, StatusBadge, TierBadge } from "~/components/ui/outcome-badge";
import { Instant, Relative, useDisplayZone } from "~/components/ui/time";
import type { LastPause } from "~/server/domain/audit/pauses";
import { shownActor } from "~/server/domain/shown-actor";
import type { ScheduleListItem } from "~/server/domain/views";
import { Cadence } from "./cadence";
import { CodeBadge } from "./code-badge";
import { displayName, displayParts } from "./display-name";
import { UntilRun } from "./next-run";
import { PauseStory } from "./pause-story";
import { RowActions } from "./row-actions";
import type { ScheduleVerb } from "./schedule-dialogs";
import type { Troubled } from "./use-troubled";

const HOUR_MS = 3_600_000;
const TAGS_SHOWN = 3;
const FAILED: ReadonlySet<string> = new Set(["dead", "expired"]);

function NameCell({ row }: { row: ScheduleListItem }) {
  const moreCount = row.tags.length - TAGS_SHOWN;
  const { title, entityId } = displayParts(row);
  return (
    <div className="flex min-w-0 flex-col gap-0.5 py-0.5 sm:max-w-60 sm:@min-[72rem]:max-w-96">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        <Link
          href={`/schedules/${row.scheduleId}`}
          className="rounded font-medium text-ink hover:underline max-sm:wrap-anywhere sm:truncate"
          title={displayName(row)}
        >
          {title}
        </Link>
        {row.status === "active" ? null : <StatusBadge status={row.status} />}
        <CodeBadge managedBy={row.managedBy} />
      </div>
      {entityId === null ? null : (
        <span className="truncate font-mono text-muted text-xs" title={entityId}>
          {entityId}
        </span>
      )}
      {row.tags.length > 0 ? (
        <div className="flex min-w-0 gap-1">
          {row.tags.slice(0, TAGS_SHOWN).map((tag) => (
            <Badge key={tag} className="max-w-32">
              {tag}
            </Badge>
          ))}
          {moreCount > 0 ? (
            <span title={row.tags.slice(TAGS_SHOWN).join(", ")}>
              <Badge tone="outline">+{moreCount}</Badge>
            </span>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function CadenceCell({ row }: { row: ScheduleListItem }) {
  if (row.executionTime) {
    return (
      <div className="flex flex-col max-sm:flex-row max-sm:flex-wrap max-sm:items-baseline max-sm:gap-x-2">
        <span>Once</span>
        <Instant
          value={row.executionTime}
          zone={row.timezone}
          precision="minute"
          className="whitespace-nowrap text-muted text-xs"
        />
      </div>
    );
  }
  return (
    <Cadence
      cadence={row.cadence}
      cronExpression={row.cronExpression}
      className="max-w-72"
      wordsClassName="sm:line-clamp-2"
    />
  );
}

/** A next run or the end of a pause, with the offset of the display zone: the cadence may be in another zone. */
function Coming({ value, precision, className }: { value: string; precision?: "minute"; className?: string }) {
  const { zone } = useDisplayZone();
  const nowMs = useNow(HOUR_MS);
  const isThisYear = wallTime(Date.parse(value), zone).year === wallTime(nowMs, zone).year;
  return (
    <Instant
      value={value}
      format={isThisYear ? "short" : "full"}
      precision={precision}
      showZone="offset"
      className={className}
    />
  );
}

function NextCell({ row, lastPause }: { row: ScheduleListItem; lastPause: LastPause | undefined }) {
  const isAllPaused = useIsAllPaused();
  if (row.status === "paused") {
    return (
      <span className="min-w-0 text-muted text-xs">
        Paused {row.pausedAt ? <Relative value={row.pausedAt} /> : null}
        {row.pausedBy ? <span className="block truncate">by {shownActor(row.pausedBy)}</span> : null}
        {row.pausedUntil ? (
          <span className="block">
            until <Coming value={row.pausedUntil} precision="minute" />
          </span>
        ) : null}
        {row.pauseNote ? (
          <span className="block wrap-anywhere sm:line-clamp-2 sm:max-w-44" title={row.pauseNote}>
            {row.pauseNote}
          </span>
        ) : null}
      </span>
    );
  }
  if (row.nextExecution === null) return <Instant value={null} />;
  return (
    <div className="flex flex-col max-sm:flex-row max-sm:flex-wrap max-sm:items-baseline max-sm:gap-x-2">
      <UntilRun at={row.nextExecution} jitterSeconds={row.jitterSeconds} isAllPaused={isAllPaused} />
      <Coming value={row.nextExecution} className="text-muted text-xs" />
      {lastPause ? (
        <PauseStory
          pause={lastPause}
          className="max-w-44 text-muted text-xs max-sm:max-w-none"
          storyClassName="line-clamp-2"
        />
      ) : null}
    </div>
  );
}

const STACKED =
  "flex min-w-0 flex-col items-start gap-0.5 max-sm:flex-row max-sm:flex-wrap max-sm:items-baseline max-sm:gap-x-2";

/** Held and retrying executions, which are not a last run yet. */
function TroubleLink({ scheduleId, troubled }: { scheduleId: string; troubled: Troubled | undefined }) {
  if (troubled === undefined) return null;
  const { held, retrying, isMinimum = false } = troubled;
  return (
    <Link
      href={`/executions?view=in-flight&schedule=${scheduleId}`}
      className="inline-flex flex-wrap gap-x-2 whitespace-nowrap rounded py-0.5 text-xs hover:underline"
    >
      {held > 0 ? <TroubleCount outcome="held" count={held} isMinimum={isMinimum} /> : null}
      {retrying > 0 ? <TroubleCount outcome="retrying" count={retrying} isMinimum={isMinimum} /> : null}
    </Link>
  );
}

function TroubleCount(input: { outcome: "held" | "retrying"; count: number; isMinimum: boolean }) {
  const { outcome, count, isMinimum } = input;
  const { Icon } = OUTCOME_LOOKS[outcome];
  return (
    <span className={cn("inline-flex items-center gap-1", outcome === "held" ? "text-held-ink" : "text-retrying-ink")}>
      <Icon aria-hidden className="size-3.5" />
      {formatNumber(count)}
      {isMinimum ? "+" : ""} {OUTCOME_LABELS[outcome].toLowerCase()}
    </span>
  );
}

function LastCell({ row, troubled }: { row: ScheduleListItem; troubled: Troubled | undefined }) {
  const trouble = <TroubleLink scheduleId={row.scheduleId} troubled={troubled} />;
  if (row.lastStatus === null) {
    return (
      <div className={STACKED}>
        <span className="text-subtle">Never</span>
        {trouble}
      </div>
    );
  }
  const last = row.recent.at(-1);
  return (
    <div className={STACKED}>
      <OutcomeBadge outcome={row.lastStatus} late={last?.outcome === row.lastStatus && last.late} />
      <Relative value={row.lastExecution} className="text-muted text-xs" />
      {trouble}
      {FAILED.has(row.lastStatus) && row.lastError ? (
        <span
          className="line-clamp-2 wrap-anywhere text-danger-ink text-xs sm:min-w-32 sm:max-w-48"
          title={row.lastError}
        >
          {row.lastError}
        </span>
      ) : null}
    </div>
  );
}

function RecentCell({ row }: { row: ScheduleListItem }) {
  return (
    <RunStrip
      // In a narrow table, the oldest eight runs are hidden before a column is hidden.
      className="sm:@max-[67rem]:[&>:nth-child(-n+8)]:hidden"
      runs={row.recent.map((run) => ({
        id: run.executionId,
        outcome: shownOutcome(run.outcome, run.late),
        at: Date.parse(run.scheduledFor),
      }))}
    />
  );
}

/** The columns of the list. The ids of sortable columns are the server's sort keys. */
export function scheduleColumns(input: {
  onVerb: (verb: ScheduleVerb, row: ScheduleListItem) => void;
  lastPauseOf: (scheduleId: string) => LastPause | undefined;
  troubledOf: (scheduleId: string) => Troubled | undefined;
}): Column<ScheduleListItem>[] {
  return [
    { id: "name", header: "Name", sortable: true, rowHeader: true, cell: (row) => <NameCell row={row} /> },
    { id: "cadence", header: "Cadence", hideBelow: "md", cell: (row) => <CadenceCell row={row} /> },
    {
      id: "next_execution",
      header: "Next run",
      sortable: true,
      cell: (row) => <NextCell row={row} lastPause={input.lastPauseOf(row.scheduleId)} />,
    },
    {
      id: "last_execution",
      header: "Last run",
      sortable: true,
      cell: (row) => <LastCell row={row} troubled={input.troubledOf(row.scheduleId)} />,
    },
    {
      id: "recent",
      header: "Recent runs",
      hideBelow: "lg",
      cell: (row) => (row.recent.length === 0 ? null : <RecentCell row={row} />),
    },
    { id: "tier", header: "Tier", hideBelow: "xl", card: "none", cell: (row) => <TierBadge tier={row.tier} /> },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (row) => <RowActions row={row} onVerb={input.onVerb} />,
    },
  ];
}
