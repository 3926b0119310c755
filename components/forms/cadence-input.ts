import type { RouterInputs } from "~/components/trpc/client";
import type { ScheduleFormValues } from "./schedule-form-model";

const PREVIEW_RUNS = 10;

type Cadence = Pick<
  ScheduleFormValues,
  "cronExpression" | "timezone" | "dstGap" | "dstOverlap" | "jitterSeconds" | "startAt"
>;

/** The input of the query for the next runs beside the form. The page on the server prefetches the same input. */
export function cadenceInput(values: Cadence, nowMs: number): RouterInputs["schedules"]["preview"] {
  const { cronExpression, timezone, dstGap, dstOverlap, jitterSeconds, startAt } = values;
  return {
    cronExpression: cronExpression.trim(),
    ...{ timezone, dstGap, dstOverlap },
    jitterSeconds: jitterSeconds ?? 0,
    count: PREVIEW_RUNS,
    from: afterStart(startAt, nowMs),
  };
}

/** The `from` of a preview for a start in the future: 1 ms earlier, because a preview excludes a run at `from`. */
export function afterStart(startAt: string | null, nowMs: number): string | undefined {
  return startAt && Date.parse(startAt) > nowMs ? new Date(Date.parse(startAt) - 1).toISOString() : undefined;
}
