"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { IfMay } from "~/components/access/may";
import type { BulkTarget } from "~/components/bulk/bulk-dialog";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { formatCounted, formatDuration } from "~/components/ui/format";
import { TextLink } from "~/components/ui/text-link";
import { Instant } from "~/components/ui/time";
import type { UpcomingGroup } from "~/server/domain/views";
import { serializeUpcoming } from "./range";
import { byShownFirings, countedFirings, type UpcomingLoad } from "./words";

// Loaded on first use, to keep it out of the page's bundle.
const BulkDialog = dynamic(() => import("~/components/bulk/bulk-dialog").then((module) => module.BulkDialog));

type Minute = UpcomingLoad["crowded"][number];

export interface LoadFilter {
  topic?: string[];
  tag?: string[];
}

const MINUTE_MS = 60_000;
/** Maximum number of cadences that are listed for a minute. */
const MAX_CADENCES = 3;

/** The minutes with the most firings, the schedules that fire in them, and a button to spread these schedules out. */
export function CrowdedMinutes({ load, filter }: { load: UpcomingLoad; filter: LoadFilter }) {
  const [target, setTarget] = useState<BulkTarget | null>(null);
  if (load.crowded.length === 0) return null;
  return (
    <Card
      title="Crowded minutes"
      description="The minutes with the most firings. Events that are due at the same moment are published in batches, so some of them are late."
      padded={false}
    >
      <ol className="divide-y">
        {load.crowded.toSorted(byShownFirings).map((minute) => (
          <li key={minute.at} className="grid gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
            <div>
              <p className="font-medium text-sm">
                <Instant value={minute.at} format="short" precision="minute" />
              </p>
              <p className="text-muted text-xs">{countedFirings(minute.firings)}</p>
            </div>
            <Groups
              minute={minute}
              filter={filter}
              onSpread={({ cronExpression, timezone }) =>
                setTarget({ filter: { cronExpression, timezone, status: ["active"], ...filter } })
              }
            />
          </li>
        ))}
      </ol>
      {target ? <BulkDialog action="spread" target={target} onClose={() => setTarget(null)} /> : null}
    </Card>
  );
}

function Groups({
  minute,
  filter,
  onSpread,
}: {
  minute: Minute;
  filter: LoadFilter;
  onSpread: (group: UpcomingGroup) => void;
}) {
  const hiddenCount = minute.moreGroups + Math.max(0, minute.groups.length - MAX_CADENCES);
  return (
    <ul className="flex min-w-0 flex-col gap-1">
      {minute.groups.slice(0, MAX_CADENCES).map((group) => (
        <li
          key={`${group.cronExpression} ${group.timezone}`}
          className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-0.5 text-sm"
        >
          <span className="flex items-baseline gap-x-2">
            <span className="font-mono text-xs">{group.cronExpression}</span>
            <span className="text-muted text-xs">{group.timezone.replaceAll("_", " ")}</span>
          </span>
          <span className="text-muted">
            <TextLink href={schedulesHref(group, filter)} className="underline">
              {formatCounted(group.schedules, "schedule")}
              <span className="sr-only">
                {" "}
                of {group.cronExpression} in {group.timezone}
              </span>
            </TextLink>
            , {countedFirings(group.firings)}
            {group.jitterSeconds > 0 ? `, jitter ${formatDuration(group.jitterSeconds * 1000)}` : ""}
          </span>
          {group.schedules > 1 ? (
            <IfMay right="schedules:edit">
              <Button
                size="sm"
                className="ml-auto"
                aria-label={`Spread out the schedules of ${group.cronExpression} in ${group.timezone}`}
                onClick={() => onSpread(group)}
              >
                Spread out
              </Button>
            </IfMay>
          ) : null}
        </li>
      ))}
      {minute.oneTime > 0 ? (
        <li className="text-sm">
          <span className="text-muted">{formatCounted(minute.oneTime, "one-time schedule")}</span>
        </li>
      ) : null}
      {hiddenCount > 0 ? (
        <li className="text-xs">
          <TextLink href={firingsHref(minute, filter)} className="py-0.5">
            and {formatCounted(hiddenCount, "more cadence")}: show all runs of this minute
          </TextLink>
        </li>
      ) : null}
    </ul>
  );
}

/** The list of the group's schedules. */
function schedulesHref({ cronExpression, timezone }: UpcomingGroup, filter: LoadFilter): string {
  return `/schedules?${withFilter({ cron: cronExpression, zone: timezone }, filter)}`;
}

/** The list of the minute's runs. */
function firingsHref({ at }: Minute, filter: LoadFilter): string {
  const from = Date.parse(at);
  const range = serializeUpcoming({ from, to: from + MINUTE_MS });
  return `/upcoming?${withFilter({ tab: "firings", range }, filter)}`;
}

function withFilter(params: Record<string, string>, { topic = [], tag = [] }: LoadFilter): URLSearchParams {
  const query = new URLSearchParams(params);
  if (topic.length > 0) query.set("topic", topic.join(","));
  if (tag.length > 0) query.set("tag", tag.join(","));
  return query;
}
