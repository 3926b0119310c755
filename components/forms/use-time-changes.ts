"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type RouterInputs, type RouterOutputs, useTRPC } from "~/components/trpc/client";
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
 * `error` is why the runs could not be loaded, and `retry` loads them again.
 */
export function useTimeChanges(before: ScheduleFormValues, after: ScheduleFormValues) {
  const [nowMs] = useState(() => Date.now());
  const changed = TIME_FIELDS.some((field) => before[field] !== after[field]);
  const { runs: runsBefore, query: queryBefore } = useRunTimes(before, { nowMs, enabled: changed });
  const { runs: runsAfter, query: queryAfter } = useRunTimes(after, { nowMs, enabled: changed });
  const isTruncated = [runsBefore, runsAfter].some((runs) => runs && runs.completeUntilMs < nowMs + WEEK_MS);
  const changes: TimeChanges | null = changed && runsBefore && runsAfter ? timeChanges(runsBefore, runsAfter) : null;
  const failed = [queryBefore, queryAfter].filter((query) => query.isError);
  const retry = () => {
    for (const query of failed) void query.refetch();
  };
  return { changed, changes, isTruncated, error: failed[0]?.error ?? null, retry };
}

/** The runs, null while loading or after a failure, and the query that loads those of a cron. */
function useRunTimes(values: ScheduleFormValues, { nowMs, enabled }: { nowMs: number; enabled: boolean }) {
  const trpc = useTRPC();
  const isRecurring = values.kind === "recurring";
  const query = useQuery(
    trpc.schedules.preview.queryOptions(previewInput(values, nowMs), { enabled: enabled && isRecurring, retry: false }),
  );
  return { runs: isRecurring ? cronRuns(values, query.data, nowMs) : oneTimeRun(values, nowMs), query };
}

function oneTimeRun({ executionTime }: ScheduleFormValues, nowMs: number): RunTimes {
  return { times: executionTime ? [executionTime] : [], completeUntilMs: nowMs + WEEK_MS };
}

function cronRuns(
  { startAt, endAt }: ScheduleFormValues,
  preview: RouterOutputs["schedules"]["preview"] | undefined,
  nowMs: number,
): RunTimes | null {
  if (!preview) return null;
  const times = preview.occurrences.map((run) => run.nominal);
  return runTimes({ times, isFull: times.length === MAX_RUNS }, { startAt, endAt, untilMs: nowMs + WEEK_MS });
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
