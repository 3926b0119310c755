import type { DstGap } from "../schedule";
import { nextOccurrence } from "./next";
import { CronError, type CronErrorCode } from "./parse";
import { isKnownZone, unknownZoneFault } from "./zone";

export type CronVerdict =
  | { ok: true }
  | {
      ok: false;
      code: CronErrorCode | "timezone_unknown";
      /** Wire name of the field at fault. */
      field: "cron_expression" | "timezone";
      message: string;
      expected: string;
    };

/**
 * Validates a cron before it is saved. `now` is epoch ms. `dstGap`, by default `first_valid`, matters because with
 * `skip` a job whose times are all in gaps never fires.
 */
export function validateCron(input: {
  expression: string;
  timezone: string;
  now: number;
  dstGap?: DstGap;
}): CronVerdict {
  if (!isKnownZone(input.timezone)) return { ok: false, code: "timezone_unknown", ...unknownZoneFault(input.timezone) };
  const { expression, timezone, now, dstGap = "first_valid" } = input;
  try {
    if (nextOccurrence({ cronExpression: expression, timezone, dstGap, dstOverlap: "first" }, now)) return { ok: true };
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    return { ok: false, code: error.code, field: "cron_expression", message: error.message, expected: error.expected };
  }
  return {
    ok: false,
    code: "cron_never_fires",
    field: "cron_expression",
    message: `"${expression.trim()}" never fires in ${timezone}: no date has such a time`,
    expected: "a time that occurs at least once in 50 years",
  };
}
