"use client";

import { lagState } from "~/components/overview/health-signals";
import type { TileQuery } from "~/components/queries/query-tile";
import { StatTile } from "~/components/queries/stat-tile";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCount, formatDuration, formatNumber, NO_VALUE } from "~/components/ui/format";
import { HEALTH_LIMITS } from "~/server/domain/health-limits";

/** The state of the queue: planned, running, due, held, overdue and missing runs, and the depth of the outbox. */
export function QueueNumbers({
  engine,
  overdue,
}: {
  engine: TileQuery<RouterOutputs["monitoring"]["engine"]>;
  /** The number of active schedules that have been due for over a minute. */
  overdue: TileQuery<RouterOutputs["schedules"]["count"]>;
}) {
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4 2xl:grid-cols-8">
      <StatTile label="Planned runs" query={engine}>
        {({ pending }) => ({ value: formatNumber(pending), hint: "Next run of each schedule in Redis, and retries" })}
      </StatTile>
      <StatTile label="Running" query={engine}>
        {({ running }) => ({ value: formatNumber(running), hint: "Claimed by a worker" })}
      </StatTile>
      <StatTile label="Due" query={engine}>
        {(data) => ({
          value: formatNumber(data.overdue),
          // Only the number of due events decides this tone.
          tone: TONES[lagState({ ...data, oldestDueMs: 0 })],
          hint: "Not claimed yet, retries included",
        })}
      </StatTile>
      <StatTile label="Oldest due" query={engine}>
        {(data) => ({
          value: data.overdue === 0 ? NO_VALUE : formatDuration(data.oldestDueMs),
          // Only the age of the oldest due event decides this tone.
          tone: TONES[lagState({ ...data, overdue: 0 })],
          hint:
            data.overdue === 0 ? "No events are due" : data.pauseAll.paused ? "All firing is paused" : "Late so far",
        })}
      </StatTile>
      <StatTile label="Held" query={engine}>
        {({ held }) => ({
          value: formatNumber(held),
          tone: held > 0 ? "warning" : "neutral",
          hint: "Behind breakers, without the tried event",
        })}
      </StatTile>
      <StatTile label="Overdue schedules" query={overdue}>
        {({ total, totalIsExact }) => ({
          value: formatCount(total, !totalIsExact),
          tone: total > 0 ? "danger" : "neutral",
          hint: "Active, over a minute late",
          href: "/schedules?tab=overdue",
        })}
      </StatTile>
      <StatTile label="Missing executions" query={engine}>
        {({ watch }) => ({
          value: watch === null ? NO_VALUE : formatNumber(watch.unexplainedCount),
          tone: watch !== null && watch.unexplainedCount > 0 ? "danger" : "neutral",
          hint: watch === null ? "Not checked yet" : "Expected by the watchdog, not found",
        })}
      </StatTile>
      <StatTile label="Outbox" query={engine}>
        {({ outboxDepth }) => ({
          value: formatNumber(outboxDepth),
          tone: outboxDepth > HEALTH_LIMITS.outboxWarning ? "warning" : "neutral",
          hint: "Changes not in ClickHouse yet",
        })}
      </StatTile>
    </div>
  );
}

const TONES = { ok: "neutral", warning: "warning", critical: "danger", unknown: "neutral" } as const;
