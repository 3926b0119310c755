"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type RouterInputs, useTRPC } from "~/components/trpc/client";
import { afterStart } from "./cadence-input";
import type { ScheduleFormValues } from "./schedule-form-model";
import { type RunTimes, runTimes, type TimeChanges, timeChanges } from "./time-changes";

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
 * null while loading, after a failure, or if none differs. If `isTruncated`, the lists of runs end before the 7 days.
 */
export function useTimeChanges(before: ScheduleFormValues, after: ScheduleFormValues) {
  const [nowMs] = useState(() => Date.now());
  const changed = TIME_FIELDS.some((field) => before[field] !== after[field]);
  const runsBefore = useRunTimes(before, { nowMs, enabled: changed });
  const runsAfter = useRunTimes(after, { nowMs, enabled: changed });
  const isTruncated = [runsBefore, runsAfter].some((runs) => runs && runs.completeUntilMs < nowMs + WEEK_MS);
  const changes: TimeChanges | null = changed && runsBefore && runsAfter ? timeChanges(runsBefore, runsAfter) : null;
  return { changed, changes, isTruncated };
}

function useRunTimes(
  values: ScheduleFormValues,
  { nowMs, enabled }: { nowMs: number; enabled: boolean },
): RunTimes | null {
  const trpc = useTRPC();
  const isRecurring = values.kind === "recurring";
  const query = useQuery(
    trpc.schedules.preview.queryOptions(previewInput(values, nowMs), { enabled: enabled && isRecurring, retry: false }),
  );
  const untilMs = nowMs + WEEK_MS;
  if (!isRecurring) return { times: values.executionTime ? [values.executionTime] : [], completeUntilMs: untilMs };
  if (!query.data) return null;
  const times = query.data.occurrences.map((run) => run.nominal);
  const { startAt, endAt } = values;
  return runTimes({ times, isFull: times.length === MAX_RUNS }, { startAt, endAt, untilMs });
}

function previewInput(values: ScheduleFormValues, nowMs: number): RouterInputs["schedules"]["preview"] {
  return {
    // Without a cron the query is disabled, but its input must still be valid.
    cronExpression: values.cronExpression || "* * * * *",
    timezone: values.timezone,
    dstGap: values.dstGap,
    dstOverlap: values.dstOverlap,
    from: afterStart(values.startAt, nowMs) ?? new Date(nowMs).toISOString(),
    count: MAX_RUNS,
  };
}
