"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type RouterInputs, useTRPC } from "~/components/trpc/client";
import type { ScheduleFormValues } from "./schedule-form-model";
import { type TimeChanges, timeChanges, withinBounds } from "./time-changes";

const WEEK_MS = 7 * 86_400_000;
/** Maximum number of runs in one preview. Of a cadence with more runs in a week, only the first are compared. */
const MAX_RUNS = 1000;

const TIME_FIELDS = [
  "kind",
  "cronExpression",
  "executionTime",
  "timezone",
  "dstGap",
  "dstOverlap",
  "startAt",
  "endAt",
] as const satisfies readonly (keyof ScheduleFormValues)[];

/**
 * How an edit changes the runs of the next 7 days. `changed` says whether any of `TIME_FIELDS` differs. `changes` is
 * null while loading, or if none differs. If `isTruncated`, the lists of runs end before the 7 days.
 */
export function useTimeChanges(before: ScheduleFormValues, after: ScheduleFormValues) {
  const [nowMs] = useState(() => Date.now());
  const changed = TIME_FIELDS.some((field) => before[field] !== after[field]);
  const planBefore = usePlan(before, { nowMs, enabled: changed });
  const planAfter = usePlan(after, { nowMs, enabled: changed });
  const isTruncated = planBefore?.isTruncated || planAfter?.isTruncated || false;
  const changes: TimeChanges | null =
    changed && planBefore && planAfter ? timeChanges(planBefore.times, planAfter.times) : null;
  return { changed, changes, isTruncated };
}

function usePlan(values: ScheduleFormValues, { nowMs, enabled }: { nowMs: number; enabled: boolean }) {
  const trpc = useTRPC();
  const isRecurring = values.kind === "recurring";
  const query = useQuery(
    trpc.schedules.preview.queryOptions(previewInput(values, nowMs), { enabled: enabled && isRecurring, retry: false }),
  );
  const bounds = { startAt: values.startAt, endAt: values.endAt, untilMs: nowMs + WEEK_MS };
  if (!isRecurring) return { times: values.executionTime ? [values.executionTime] : [], isTruncated: false };
  if (!query.data) return null;
  const times = query.data.occurrences.map((run) => run.nominal);
  const last = times.at(-1);
  const isTruncated = times.length === MAX_RUNS && last !== undefined && Date.parse(last) < bounds.untilMs;
  const within = withinBounds(times, bounds);
  // For a schedule without a run in the next 7 days, the next run is shown.
  const next = withinBounds(times, { ...bounds, untilMs: Number.POSITIVE_INFINITY }).slice(0, 1);
  return { times: within.length > 0 ? within : next, isTruncated };
}

function previewInput(values: ScheduleFormValues, nowMs: number): RouterInputs["schedules"]["preview"] {
  return {
    // Without a cron the query is disabled, but its input must still be valid.
    cronExpression: values.cronExpression || "* * * * *",
    timezone: values.timezone,
    dstGap: values.dstGap,
    dstOverlap: values.dstOverlap,
    from: new Date(nowMs).toISOString(),
    count: MAX_RUNS,
  };
}
