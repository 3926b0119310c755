import { z } from "zod";
import type { RequestedTime as RequestedTimeValue } from "~/server/domain/explain/question";
import { readInstant } from "~/server/domain/instant";
import { Id } from "~/server/domain/text";

/** Matches a time of day without seconds. */
const WITHOUT_SECONDS = /(T\d\d:\d\d)(?!:)/;
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/**
 * An instant, or a local time in the schedule's zone, because only a local time can be in a gap. A time without seconds
 * covers the whole minute.
 */
const RequestedTime = z.union([z.string(), z.number()]).transform((value, context): RequestedTimeValue => {
  const hasMinutePrecision = typeof value === "string" && WITHOUT_SECONDS.test(value);
  const isLocal = typeof value === "string" && LOCAL_TIME.test(value);
  const withSeconds = hasMinutePrecision ? value.replace(WITHOUT_SECONDS, "$1:00") : value;
  const read = readInstant(isLocal ? `${withSeconds}Z` : withSeconds);
  if ("ms" in read) return { ms: read.ms, isLocal, hasMinutePrecision };
  context.issues.push({ code: "custom", message: read.fault, input: value });
  return z.NEVER;
});

export const ExplainTimeInput = z.strictObject({ scheduleId: Id, at: RequestedTime });
export type ExplainTimeInput = z.infer<typeof ExplainTimeInput>;
