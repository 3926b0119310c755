import type { Execution } from "~/server/domain/execution";
import type { Outcome } from "~/server/domain/schedule";

/** How a self-test event ended. */
export interface SelfTestRow {
  scheduledFor: number;
  outcome: Outcome;
  latenessMs: number;
  error: string | null;
}

export interface SelfTestStore {
  /** Stores ended self-test events. The table keeps the newest event of each schedule. */
  insertSelfTests(input: { token: string; rows: readonly Execution[] }): Promise<void>;
  /** Returns the schedule's newest event at or after `scheduledFor`, or null if none is recorded yet. */
  findSelfTest(input: { scheduleId: string; scheduledFor: number }): Promise<SelfTestRow | null>;
}
