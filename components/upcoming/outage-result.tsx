"use client";

import { zoneInWords } from "~/components/schedules/definition-words";
import { displayName } from "~/components/schedules/display-name";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import type { RouterOutputs } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { EmptyState } from "~/components/ui/empty-state";
import { formatCounted, formatDuration, formatNumber } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { Stat } from "~/components/ui/stat";
import { Instant } from "~/components/ui/time";
import type { OutageRow } from "~/server/domain/views";
import { notRunLines, policyText, runsText } from "./outage-words";
import { coverageText } from "./words";

type Outage = RouterOutputs["upcoming"]["outage"];

/** The runs that fire on recovery, and the runs that do not fire, in total and by cadence and policy. */
export function OutageResult({ outage, refreshing }: { outage: Outage; refreshing: boolean }) {
  const coverageNote = coverageText(outage.coverage);
  const notRunReasons = notRunLines(outage.notRun);
  const notRunCount = notRunReasons.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      {coverageNote ? <Callout tone="warning">{coverageNote}</Callout> : null}
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-3">
        <Stat
          label="Due in the outage"
          value={formatNumber(outage.due)}
          hint={`${outage.due === 1 ? "run" : "runs"} of ${formatCounted(outage.schedules, "schedule")}`}
        />
        <Stat
          label="Fire late"
          value={formatNumber(outage.runs)}
          hint={
            <>
              from <Instant value={outage.to} format="short" precision="minute" /> on
              {outage.caughtUp === 0
                ? null
                : `, ${outage.caughtUp === outage.runs ? "all" : formatNumber(outage.caughtUp)} through catch-up`}
            </>
          }
        />
        <Stat
          label="Do not fire"
          value={formatNumber(notRunCount)}
          tone={notRunCount > 0 ? "warning" : "neutral"}
          className="max-lg:col-span-2"
          hint={notRunReasons.length === 0 ? "All runs fire" : undefined}
        >
          <ul className="flex flex-col gap-0.5 text-muted text-xs">
            {notRunReasons.map(({ why, count, text }) => (
              <li key={why}>
                <span className="font-medium text-ink">{formatNumber(count)}</span> {text}
              </li>
            ))}
          </ul>
        </Stat>
      </div>
      {outage.oneTime.due > 0 ? (
        <p className="text-muted text-sm">
          {formatCounted(outage.oneTime.due, "one-time schedule")}: {formatNumber(outage.oneTime.runs)}{" "}
          {outage.oneTime.runs === 1 ? "fires" : "fire"} on recovery
          {outage.oneTime.expired > 0
            ? `, ${formatNumber(outage.oneTime.expired)} ${outage.oneTime.expired === 1 ? "expires" : "expire"}, later than the maximum delay`
            : ""}
          . One-time schedules have no catch-up policy.
        </p>
      ) : null}
      {outage.caughtUp > 0 ? (
        <p className="text-muted text-sm">
          Catch-up runs fire after runs that are due on time. In each shard, a worker catches up at most 1,000 runs per
          second.
        </p>
      ) : null}
      <h2 className="font-semibold text-base">Recurring schedules by cadence and catch-up policy</h2>
      <DataTable
        caption="Recurring schedules by cadence and catch-up policy"
        columns={COLUMNS}
        rows={outage.groups}
        rowId={(row) =>
          JSON.stringify([
            row.cronExpression,
            row.timezone,
            row.policy,
            row.windowSeconds,
            row.catchUpMaxRuns,
            row.maxDelaySeconds,
            row.schedules,
            row.due,
          ])
        }
        refreshing={refreshing}
        empty={
          <EmptyState title="No recurring schedule is due in this time">
            Choose a longer or a different time.
          </EmptyState>
        }
      />
      {outage.moreGroups > 0 ? (
        <p className="text-muted text-xs">
          {formatCounted(outage.moreGroups, "more group")} with fewer runs {outage.moreGroups === 1 ? "is" : "are"}{" "}
          counted above, but not listed.
        </p>
      ) : null}
    </>
  );
}

const COLUMNS: readonly Column<OutageRow>[] = [
  {
    id: "schedules",
    header: "Schedules",
    rowHeader: true,
    cell: (row) => (
      <span className="flex min-w-0 flex-col">
        <Link
          href={
            row.schedule === null
              ? `/schedules?${new URLSearchParams({ cron: row.cronExpression, zone: row.timezone })}`
              : `/schedules/${row.schedule.scheduleId}`
          }
          className="wrap-anywhere rounded font-medium hover:underline"
        >
          {row.schedule === null ? formatCounted(row.schedules, "schedule") : displayName(row.schedule)}
        </Link>
        <span className="text-muted text-xs">
          <span className="mr-2 whitespace-nowrap font-mono">{row.cronExpression}</span> {zoneInWords(row.timezone)}
        </span>
      </span>
    ),
  },
  { id: "due", header: "Due", align: "right", cell: (row) => formatNumber(row.due) },
  {
    id: "policy",
    header: "Catch-up policy",
    cell: (row) => (
      <span className="flex flex-col">
        {policyText(row)}
        <span className="text-muted text-xs">
          A run expires when it is more than {formatDuration(row.maxDelaySeconds * 1000)} late
        </span>
      </span>
    ),
  },
  {
    id: "runs",
    header: "Fire late",
    cell: (row) => (
      <span className="flex flex-col">
        {runsText(row)}
        {row.firstRun && row.lastRun ? (
          <span className="text-muted text-xs">
            scheduled for <Instant value={row.firstRun} format="time" precision="minute" />
            {row.lastRun === row.firstRun ? null : (
              <>
                {" "}
                to <Instant value={row.lastRun} format="time" precision="minute" />
              </>
            )}
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: "notRun",
    header: "Do not fire",
    cell: (row) => {
      const lines = notRunLines(row.notRun);
      if (lines.length === 0) return "None";
      return (
        <ul className="text-xs">
          {lines.map(({ why, count, text }) => (
            <li key={why}>
              <span className="font-medium">{formatNumber(count)}</span> {text}
            </li>
          ))}
        </ul>
      );
    },
  },
];
