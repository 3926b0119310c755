import type { SharedState } from "~/server/ports/shared-state/shared-state";
import type { Redis } from "../connection/redis-types";
import { createSharedKeys } from "../keys";
import { createApiKeyUses } from "./api-key-uses";
import { createBulkJobs } from "./bulk-jobs";
import { createConnection } from "./connection";
import { createCounters } from "./counters";
import { createDevices } from "./devices";
import { createIdentityValues } from "./identity-values";
import { createLocks } from "./locks";
import { createMarks } from "./marks";
import { createPauseEnds } from "./pause-ends";
import { createRedisLoss } from "./redis-loss";
import { createReports } from "./reports";
import { createSessions } from "./sessions";
import { createSettingsChannel } from "./settings-channel";
import { createSignInFailures } from "./sign-in-failures";
import { createWorkerRegistry } from "./worker-registry";

/** `prefix`: `REDIS_PREFIX`, with its trailing colon. `newHolder`: see `createLocks`. */
export function createSharedState(deps: { redis: Redis; prefix: string; newHolder: () => string }): SharedState {
  const { redis, newHolder } = deps;
  const keys = createSharedKeys(deps.prefix);
  return {
    locks: createLocks({ redis, keys, newHolder }),
    counters: createCounters(redis, keys),
    workers: createWorkerRegistry(redis, keys),
    reports: createReports(redis, keys),
    pauseEnds: createPauseEnds(redis, keys),
    marks: createMarks(redis, keys),
    redisLoss: createRedisLoss(redis, keys),
    bulkJobs: createBulkJobs(redis, keys),
    sessions: createSessions(redis, keys),
    devices: createDevices(redis, keys),
    identityValues: createIdentityValues(redis, keys),
    apiKeyUses: createApiKeyUses(redis, keys),
    signInFailures: createSignInFailures(redis, keys),
    settingsChannel: createSettingsChannel(redis, keys),
    connection: createConnection(redis),
  };
}
