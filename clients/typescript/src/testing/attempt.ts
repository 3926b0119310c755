import type { EndReason } from "~/server/domain/choices";
import type { Attempt, Trigger } from "~/server/domain/execution";
import { decideFailure, decideFiring } from "~/server/domain/firing";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Failure } from "./failures";

/** A due occurrence with its failed attempts. */
export interface DueOccurrence extends PlannedOccurrence {
  key: string;
  trigger: Trigger;
  attempts?: readonly Attempt[];
}

export type AttemptResult =
  | { do: "publish" }
  | { do: "retry"; atMs: number; failure: Failure; attempts: Attempt[] }
  | { do: "end"; outcome: "expired" | "dead"; reason: EndReason; failure: Failure | null; attempts: Attempt[] };

const WORKER = "test";
/** The random number that gives the longest retry delay. */
const LONGEST = 1 - Number.EPSILON;

/** Tries to publish an occurrence. Calls `nextFailure` only if it makes an attempt. */
export function attemptToPublish(input: {
  schedule: Schedule;
  due: DueOccurrence;
  nowMs: number;
  nextFailure: (schedule: Schedule) => Failure | null;
}): AttemptResult {
  const { schedule, due, nowMs, nextFailure } = input;
  const { effectiveMs, attempts: earlier = [] } = due;
  const mayExpire = due.trigger !== "manual";
  if (decideFiring({ schedule, effectiveMs, nowMs, mayExpire, deleted: false }).do === "expire")
    return { do: "end", outcome: "expired", reason: "max_delay", failure: null, attempts: [...earlier] };
  const failure = nextFailure(schedule);
  if (failure === null) return { do: "publish" };
  const { error_class: errorClass, message: error } = failure;
  const made = { n: earlier.length + 1, at: nowMs, durationMs: 0, workerId: WORKER, errorClass, error };
  const attempts: Attempt[] = [...earlier, made];
  const retriable = errorClass !== "bad_payload";
  const next = decideFailure({ schedule, attempts, retriable, effectiveMs, nowMs, random: () => LONGEST });
  if (next.do === "retry") return { do: "retry", atMs: next.atMs, failure, attempts };
  return { do: "end", outcome: "dead", reason: next.why, failure, attempts };
}
