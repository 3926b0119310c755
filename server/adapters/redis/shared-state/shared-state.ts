import type { SharedState } from "~/server/ports/shared-state";
import { createSharedKeys } from "../keys";
import type { Redis } from "../redis-types";
import { createLocks } from "./locks";

/** `prefix`: `REDIS_PREFIX`, with its trailing colon. */
export function createSharedState(given: { redis: Redis; prefix: string }): SharedState {
  const { redis } = given;
  const keys = createSharedKeys(given.prefix);
  return { locks: createLocks(redis, keys) };
}
