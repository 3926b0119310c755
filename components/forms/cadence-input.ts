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
    // The preview excludes a run at `from`, but must include a run at the start time.
    from: startAt && Date.parse(startAt) > nowMs ? new Date(Date.parse(startAt) - 1).toISOString() : undefined,
  };
}
