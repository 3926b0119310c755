import type { ApiKeyUses } from "./api-key-uses";
import type { BulkJobs } from "./bulk-jobs";
import type { Connection } from "./connection";
import type { Counters } from "./counters";
import type { Devices } from "./devices";
import type { IdentityValues } from "./identity-values";
import type { Locks } from "./locks";
import type { Marks } from "./marks";
import type { PauseEnds } from "./pause-ends";
import type { RedisLoss } from "./redis-loss";
import type { Reports } from "./reports";
import type { Sessions } from "./sessions";
import type { SettingsChannel } from "./settings-channel";
import type { OpenSignInFailures } from "./sign-in-failures";
import type { WorkerRegistry } from "./worker-registry";

/** The state in Redis that all processes share, apart from the hot tier. */
export interface SharedState {
  locks: Locks;
  counters: Counters;
  workers: WorkerRegistry;
  reports: Reports;
  pauseEnds: PauseEnds;
  marks: Marks;
  redisLoss: RedisLoss;
  bulkJobs: BulkJobs;
  sessions: Sessions;
  devices: Devices;
  identityValues: IdentityValues;
  apiKeyUses: ApiKeyUses;
  signInFailures: OpenSignInFailures;
  settingsChannel: SettingsChannel;
  connection: Connection;
}
