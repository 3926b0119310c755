import { z } from "zod";
import type { AskedTime as AskedTimeValue } from "~/server/domain/explain/question";
import { readInstant } from "~/server/domain/instant";
import { Id } from "~/server/domain/text";

const TO_MINUTE = /(T\d\d:\d\d)(?!:)/;
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/**
 * An instant, or a local time in the schedule's zone, which alone can name a time that does not exist. Without seconds
 * it means all of that minute.
 */
const AskedTime = z.union([z.string(), z.number()]).transform((value, context): AskedTimeValue => {
  const isToMinute = typeof value === "string" && TO_MINUTE.test(value);
  const isLocal = typeof value === "string" && LOCAL_TIME.test(value);
  const whole = isToMinute ? value.replace(TO_MINUTE, "$1:00") : value;
  const read = readInstant(isLocal ? `${whole}Z` : whole);
  if ("ms" in read) return { ms: read.ms, isLocal, isToMinute };
  context.issues.push({ code: "custom", message: read.fault, input: value });
  return z.NEVER;
});

export const ExplainTimeInput = z.strictObject({ scheduleId: Id, at: AskedTime });
export type ExplainTimeInput = z.infer<typeof ExplainTimeInput>;
