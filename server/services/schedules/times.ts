import type { Times } from "~/server/domain/changes/times";
import { AppError, fieldError } from "~/server/domain/errors";
import { LATEST_DAY, LATEST_MS } from "~/server/domain/instant";
import { nextOccurrence, validateCron } from "~/server/domain/recurrence";
import { PAST_GRACE_MS, type Schedule, type ScheduleInput } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import { spanInWords } from "~/server/domain/span-in-words";
import { valueOfEitherName } from "./older-names";

/**
 * Returns the cron or the execution time. Throws `validation_failed` unless exactly one is given,
 * `execution_time_past`, `delay_too_long`, or a code of `validateCron`.
 */
export function timeOf(
  input: ScheduleInput,
  context: { nowMs: number; timezone: string; settings: Settings; current?: Schedule },
): Pick<Schedule, "cronExpression" | "executionTime"> {
  const time =
    valueOfEitherName({
      name: "execution_time",
      value: input.executionTime,
      olderName: "scheduled_at",
      olderValue: input.scheduledAt,
    }) ?? null;
  const cron = input.cronExpression ?? null;
  if ((time === null) === (cron === null)) {
    const message = time === null ? "neither is given" : "both are given";
    throw new AppError("validation_failed", `cron_expression, execution_time: ${message}`, {
      faults: ["cron_expression", "execution_time"].map((field) => ({
        field,
        message,
        expected: "exactly one of cron_expression and execution_time",
      })),
    });
  }
  if (cron !== null) {
    const { timezone, nowMs: now } = context;
    const verdict = validateCron({ expression: cron, timezone, now, dstGap: input.dstGap });
    if (!verdict.ok) throw fieldError(verdict.code, verdict);
    return { cronExpression: cron, executionTime: null };
  }
  const atMs = Date.parse(time as string);
  // A paused schedule may keep a time that has passed: the resume decides about the missed run.
  const isKept = input.enabled === false && atMs === context.current?.executionTime;
  if (atMs < context.nowMs - PAST_GRACE_MS && !isKept) {
    throw fieldError("execution_time_past", {
      field: "execution_time",
      message: `is ${spanInWords(context.nowMs - atMs)} in the past, at ${time}`,
      expected: `a future time, or at most ${spanInWords(PAST_GRACE_MS)} in the past`,
    });
  }
  const maxSeconds = context.settings.maxDeliveryDelaySeconds;
  if (atMs - context.nowMs > maxSeconds * 1000) {
    throw fieldError("delay_too_long", {
      field: "execution_time",
      message: `is ${spanInWords(atMs - context.nowMs)} ahead, at ${time}`,
      expected: `at most ${spanInWords(maxSeconds * 1000)} ahead (MAX_DELIVERY_DELAY_SECONDS)`,
    });
  }
  return { cronExpression: null, executionTime: atMs };
}

export function boundsOf(input: ScheduleInput): Pick<Schedule, "startAt" | "endAt" | "maxRuns"> {
  const startAt = input.startAt ? Date.parse(input.startAt) : null;
  const endAt = input.endAt ? Date.parse(input.endAt) : null;
  if (startAt !== null && endAt !== null && endAt <= startAt) {
    throw fieldError("validation_failed", {
      field: "end_at",
      message: "is not after start_at",
      expected: "a time after start_at",
    });
  }
  return { startAt, endAt, maxRuns: input.maxRuns ?? null };
}

/** Throws `validation_failed` without an end. */
export function requireEnd({ endAt, maxRuns }: Pick<Schedule, "endAt" | "maxRuns">): void {
  if (endAt !== null || maxRuns !== null) return;
  const message = "neither is given";
  throw new AppError("validation_failed", `max_runs, end_at: ${message}`, {
    faults: ["max_runs", "end_at"].map((field) => ({
      field,
      message,
      expected: "max_runs or end_at: an assistant's recurring schedules need an end (ASSISTANT_SCHEDULES_NEED_END)",
    })),
  });
}

/** Throws `validation_failed` if no occurrence lies within the bounds. */
export function requireOccurrence(times: Times, nowMs: number): void {
  const { cronExpression, executionTime, startAt, endAt } = times;
  if (executionTime !== null) {
    if (startAt !== null && startAt > executionTime) throw outsideOf("start_at", "after", executionTime);
    if (endAt !== null && endAt < executionTime) throw outsideOf("end_at", "before", executionTime);
    return;
  }
  if (cronExpression === null || (startAt === null && endAt === null)) return;
  const spec = { ...times, cronExpression };
  if (nextOccurrence({ ...spec, endAt: endAt ?? LATEST_MS }, nowMs) !== null) return;
  const first = nextOccurrence({ ...spec, endAt: LATEST_MS }, nowMs);
  throw fieldError("validation_failed", {
    field: first === null ? "start_at" : "end_at",
    message:
      first === null
        ? "is after the last time at which the cron fires"
        : `is before the first run of the cron, ${new Date(first.nominalMs).toISOString()}`,
    expected:
      first === null
        ? `a time at or before the last firing of the cron (before ${LATEST_DAY})`
        : "that time or later, or no end_at",
  });
}

function outsideOf(field: "start_at" | "end_at", side: "before" | "after", atMs: number) {
  return fieldError("validation_failed", {
    field,
    message: `is ${side} execution_time, so the schedule would never fire`,
    expected: `a time ${side === "after" ? "not after" : "not before"} ${new Date(atMs).toISOString()}, or none`,
  });
}
