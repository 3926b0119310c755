import type { StoredExecution } from "~/server/domain/execution";
import type { Outcome, Source } from "~/server/domain/schedule";
import type { Page } from "~/server/domain/views";

export interface ExecutionQuery {
  scheduleId?: string;
  fromMs?: number;
  toMs?: number;
  status?: Outcome[];
  late?: boolean;
  topic?: string[];
  trigger?: string[];
  source?: Source[];
  errorClass?: string;
  /** Dead letters with a decision (true) or without one (false). */
  decided?: boolean;
  q?: string;
  limit: number;
  cursor?: string;
}

/** The ledger: one row per ended occurrence. */
export interface ExecutionStore {
  /** Which of these occurrence keys have an outcome already. */
  settledKeys(keys: readonly string[]): Promise<Set<string>>;
  getExecution(executionId: string): Promise<StoredExecution | null>;
  /** Newest first by scheduledFor, executionId. */
  listExecutions(query: ExecutionQuery): Promise<Page<StoredExecution>>;
  /** Counts by time bucket and outcome, and how many of them were late, for the histogram of the executions page. */
  executionHistogram(
    query: Omit<ExecutionQuery, "limit" | "cursor">,
    bucketSeconds: number,
  ): Promise<{ at: number; outcome: Outcome; late: number; count: number }[]>;
  ledgerCounts(input: {
    fromMs: number;
  }): Promise<{ succeeded: number; dead: number; expired: number; skipped: number; cancelled: number }>;
}
