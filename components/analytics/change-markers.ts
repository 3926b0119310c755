import { useQuery } from "@tanstack/react-query";
import { verbLabel } from "~/components/audit/labels";
import { ALL_FIRING_PAUSE_VERBS, useAllFiringPauses } from "~/components/audit/use-all-firing-pauses";
import type { ChartMarker } from "~/components/charts/prepare/markers";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { SUCCEEDED } from "~/server/domain/audit/results";
import type { AuditVerb } from "~/server/domain/audit/verbs";
import { shownActor } from "~/server/domain/shown-actor";

type AuditItem = Pick<
  RouterOutputs["audit"]["list"]["items"][number],
  "at" | "verb" | "target" | "targetName" | "actor" | "note" | "job"
>;

/** Maximum number of audit entries to load, newest first. */
const MAX_CHANGES = 200;
const HOUR_MS = 3_600_000;

const ONE_SCHEDULE_VERBS: AuditVerb[] = ["schedule.edit", "schedule.pause", "schedule.resume"];
/** Without changes of single schedules, because one schedule hardly changes the totals. */
const ALL_SCHEDULES_VERBS: AuditVerb[] = [
  "bulk.pause",
  "bulk.resume",
  "bulk.execute",
  "bulk.spread",
  "bulk.delete",
  "bulk.undo",
  "breaker.open",
  "breaker.close",
  "breaker.reset",
  "settings.change",
  ...ALL_FIRING_PAUSE_VERBS,
];

/**
 * Markers for changes and outages that may explain the figures. Empty until they are loaded. `from` and `to` are ISO
 * times, undefined while unknown.
 */
export function useChangeMarkers(range: {
  from: string | undefined;
  to: string | undefined;
  scheduleId: string | undefined;
  topic: string | undefined;
}): ChartMarker[] {
  const { from, to, scheduleId, topic } = range;
  const trpc = useTRPC();
  const input = {
    // Whole hours, so that a relative range keeps its query key. Without a range, the query is disabled.
    from: new Date(Math.floor(Date.parse(from ?? "1970-01-01") / HOUR_MS) * HOUR_MS).toISOString(),
    to: new Date(Math.ceil(Date.parse(to ?? "1970-01-02") / HOUR_MS) * HOUR_MS).toISOString(),
    verb: scheduleId === undefined ? ALL_SCHEDULES_VERBS : ONE_SCHEDULE_VERBS,
    target: scheduleId,
    result: SUCCEEDED,
    // For one schedule, include the changes that bulk jobs made to the schedule.
    bulkItems: scheduleId !== undefined,
    limit: MAX_CHANGES,
  };
  const enabled = from !== undefined && to !== undefined;
  const list = useQuery(trpc.audit.list.queryOptions(input, { ...KEEP_PREVIOUS, enabled, retry: false }));
  const pauses = useAllFiringPauses({ from: input.from, to: input.to, enabled: enabled && scheduleId !== undefined });
  return changeMarkers([...(list.data?.items ?? []), ...pauses], topic);
}

/** Audit entries as markers, oldest first. If a topic is given, other breakers than that of the topic are left out. */
export function changeMarkers(items: readonly AuditItem[], topic: string | undefined): ChartMarker[] {
  return items
    .filter(({ verb, target }) => topic === undefined || !verb.startsWith("breaker.") || target === `topic:${topic}`)
    .map((item) => ({ at: Date.parse(item.at), label: labelOf(item) }))
    .toSorted((a, b) => a.at - b.at);
}

function labelOf({ verb, target, targetName, actor, note }: AuditItem): string {
  const isAutomatic = verb === "breaker.open" || verb === "breaker.close";
  const subject = verb.startsWith("breaker.")
    ? `: ${target.replace(/^(topic|store):/, "")}`
    : targetName
      ? `: ${targetName}`
      : "";
  return `${verbLabel(verb)}${subject}${isAutomatic ? "" : ` by ${shownActor(actor)}`}${note ? `, “${note}”` : ""}`;
}
