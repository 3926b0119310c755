import type { Connection } from "./connection";
import type { Counters } from "./counters";
import type { Locks } from "./locks";
import type { LossNotes } from "./loss-notes";
import type { Marks } from "./marks";
import type { PauseEnds } from "./pause-ends";
import type { Reports } from "./reports";
import type { SettingsChannel } from "./settings-channel";
import type { WorkerRegistry } from "./worker-registry";

/** What all processes share beside the hot tier. It lives in Redis. */
export interface SharedState {
  locks: Locks;
  counters: Counters;
  workers: WorkerRegistry;
  reports: Reports;
  pauseEnds: PauseEnds;
  marks: Marks;
  lossNotes: LossNotes;
  settingsChannel: SettingsChannel;
  connection: Connection;
}
