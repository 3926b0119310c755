import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";

const key = (deps: Deps) => `${deps.facts.prefix}until`;

/**
 * Notes when a pause ends by itself. The schedule's row is what counts; this is only where the next ones to end are
 * found.
 */
export async function notePauseEnd(deps: Deps, schedule: Schedule): Promise<void> {
  if (schedule.pausedUntil !== null) await deps.redis.zadd(key(deps), schedule.pausedUntil, schedule.scheduleId);
}

/** Ids whose pause was noted to end by `nowMs`, the earliest first. */
export async function pausesEndedBy(deps: Deps, nowMs: number, limit: number): Promise<string[]> {
  return deps.redis.zrangebyscore(key(deps), "-inf", nowMs, "LIMIT", 0, limit);
}

export async function forgetPauseEnd(deps: Deps, scheduleId: string): Promise<void> {
  await deps.redis.zrem(key(deps), scheduleId);
}
