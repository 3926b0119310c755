"use client";

import { QueryTile, type TileQuery } from "~/components/queries/query-tile";
import { displayName } from "~/components/schedules/display-name";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatNumber } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { Instant } from "~/components/ui/time";

type TimeZones = RouterOutputs["monitoring"]["timeZones"];
type Move = TimeZones["moves"][number];

/** The tz database in use, and the schedules whose runs were moved when its version last changed. */
export function TimeZoneRules({ query }: { query: TileQuery<TimeZones> }) {
  return (
    <QueryTile
      className="mb-4"
      title="Time zone rules"
      description="Local times are computed with this tz database. When its version changes, planned runs are recomputed."
      query={query}
      padded={false}
    >
      {(zones) => (
        <>
          <Summary zones={zones} />
          {zones.moves.length > 0 ? <Moves moves={zones.moves} total={zones.applied?.moved ?? 0} /> : null}
        </>
      )}
    </QueryTile>
  );
}

function Summary({ zones: { version, source, applied } }: { zones: TimeZones }) {
  return (
    <p className="px-4 py-3 text-sm">
      tzdata <strong>{version}</strong> from {source}.{" "}
      {applied === null ? (
        "No worker has applied it yet."
      ) : applied.version !== version ? (
        <span className="text-warning-ink">Workers still use {applied.version}: restart all processes.</span>
      ) : applied.previous === null ? null : (
        <>
          Applied <Instant value={applied.appliedAt} /> in place of {applied.previous}: {formatNumber(applied.checked)}{" "}
          schedules checked, {formatNumber(applied.moved)} with moved runs.
        </>
      )}
    </p>
  );
}

function Moves({ moves, total }: { moves: readonly Move[]; total: number }) {
  return (
    <Table caption={`Moved runs of ${formatNumber(moves.length)} of ${formatNumber(total)} schedules`}>
      <TableColumns columns={["Schedule", "Time zone", "Cron", "First moved run"]} />
      <TableBody>
        {moves.map((move) => (
          <TableRow key={move.scheduleId}>
            <TableRowHeader className="max-w-64 truncate">
              <Link href={`/schedules/${move.scheduleId}`}>{displayName(move)}</Link>
            </TableRowHeader>
            <TableCell className="whitespace-nowrap">{move.timezone}</TableCell>
            <TableCell className="whitespace-nowrap font-mono text-xs">{move.cronExpression}</TableCell>
            <TableCell className="whitespace-nowrap">
              <Instant value={move.runs[0]?.from} precision="minute" />
              {" → "}
              <Instant value={move.runs[0]?.to} precision="minute" />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
