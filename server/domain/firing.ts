import { retryDelayMs } from "./backoff";
import type { EndReasonOf } from "./choices";
import type { Attempt } from "./execution";
import type { Schedule } from "./schedule";

export type FiringDecision = { do: "publish" } | { do: "expire" } | { do: "cancel" };

/** Decides before an attempt. With `mayExpire`, an occurrence later than `max_delay_seconds` expires (semantics §1). */
export function decideFiring(input: {
  schedule: Pick<Schedule, "maxDelaySeconds">;
  effectiveMs: number;
  nowMs: number;
  /** Whether the maximum delay applies: not to manual runs and replays. */
  mayExpire: boolean;
  deleted: boolean;
}): FiringDecision {
  if (input.deleted) return { do: "cancel" };
  if (input.mayExpire && input.nowMs - input.effectiveMs > input.schedule.maxDelaySeconds * 1000)
    return { do: "expire" };
  return { do: "publish" };
}

export type FailureDecision = { do: "retry"; atMs: number } | { do: "dead"; why: EndReasonOf<"dead"> };

/**
 * Decides after a failed attempt. Retries end at `max_retries` or `max_delay_seconds`, whichever comes first. A message
 * that can never be published is not retried (semantics §6).
 *
 * @param attempts all attempts, including the failed one
 * @param random uniform in [0, 1)
 */
export function decideFailure(input: {
  schedule: Pick<Schedule, "maxRetries" | "retryDelaySeconds" | "maxDelaySeconds">;
  attempts: readonly Attempt[];
  retriable: boolean;
  effectiveMs: number;
  nowMs: number;
  random: () => number;
}): FailureDecision {
  const { schedule, attempts, nowMs } = input;
  if (!input.retriable) return { do: "dead", why: "bad_payload" };
  if (attempts.length > schedule.maxRetries) return { do: "dead", why: "retries_used_up" };
  const delayMs = retryDelayMs({
    attempt: attempts.length,
    baseSeconds: schedule.retryDelaySeconds,
    random: input.random,
  });
  if (nowMs + delayMs - input.effectiveMs > schedule.maxDelaySeconds * 1000) return { do: "dead", why: "max_delay" };
  return { do: "retry", atMs: nowMs + delayMs };
}
