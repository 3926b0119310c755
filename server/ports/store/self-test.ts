import type { Execution } from "~/server/domain/execution";
import type { Outcome } from "~/server/domain/schedule";

/** How an event of the self-test ended. */
export interface SelfTestRow {
  scheduledFor: number;
  outcome: Outcome;
  latenessMs: number;
  error: string | null;
}

export interface SelfTestStore {
  /** Inserts events of the self-test; the newest of each of its schedules is kept. */
  insertSelfTests(input: { token: string; rows: readonly Execution[] }): Promise<void>;
  /** The schedule's newest event from that time on; null until it is recorded. */
  selfTest(input: { scheduleId: string; scheduledFor: number }): Promise<SelfTestRow | null>;
}
