import type { Execution } from "~/server/domain/execution";
import type { Outcome } from "~/server/domain/schedule";

/** What became of an event of the self-test. */
export interface SelfTestRow {
  scheduledFor: number;
  outcome: Outcome;
  latenessMs: number;
  error: string | null;
}

export interface SelfTestStore {
  /** Events of the self-test; the newest of each of its schedules is kept. */
  insertSelfTests(input: { token: string; rows: readonly Execution[] }): Promise<void>;
  /** The newest of them from that time on; null while it is not recorded. */
  selfTest(input: { scheduleId: string; scheduledFor: number }): Promise<SelfTestRow | null>;
}
