import type { StoredExecution } from "~/server/domain/execution";
import type { Outcome, Source } from "~/server/domain/schedule";
import type { ExecutionFacet, FacetCount, FailureGroup, Page } from "~/server/domain/views";
import type { TopicScope } from "./schedules";

/** `scheduled_for`: newest first. `lateness`: the most late first; executions that were never published come last. */
export type ExecutionSort = "scheduled_for" | "lateness";

export interface ExecutionQuery extends TopicScope {
  scheduleId?: string;
  fromMs?: number;
  toMs?: number;
  /** Starts of the UTC hours to search, epoch ms. Needs `fromMs` and `toMs`. */
  hoursMs?: readonly number[];
  status?: Outcome[];
  late?: boolean;
  topic?: string[];
  trigger?: string[];
  source?: Source[];
  errorClass?: string;
  /** The error without its numbers and ids, computed by `errorShape`. */
  errorShape?: string;
  /** The reason of executions that did not succeed. */
  reason?: string;
  correlationId?: string;
  /** Executions with more than one attempt (true), or with at most one (false). */
  retried?: boolean;
  /** Dead letters with a decision (true) or without one (false). */
  decided?: boolean;
  /** A text to search for. */
  q?: string;
  /** By default `scheduled_for`. */
  sort?: ExecutionSort;
  /** Leaves payloads and headers empty, which are most of the data. */
  bare?: boolean;
  /** Does not count the matches; `total` is then 0 and not exact. */
  uncounted?: boolean;
  limit: number;
  cursor?: string;
}

/** The fields of an execution that a lineage shows. */
export interface RelatedExecution
  extends Pick<StoredExecution, "executionId" | "key" | "outcome" | "late" | "effectiveAt" | "endedAt" | "actor"> {
  /** Equal for equal payloads and headers; null if the content is not recorded. */
  contentHash: string | null;
}

/** When the roll-ups may be read instead of the ledger. */
export interface RollupScope {
  nowMs: number;
  /** The ledger and the roll-ups have all executions from this time on. */
  keptFromMs: number;
}

/** The fields that the name of an execution is made of. */
export type ExecutionNames = Pick<
  StoredExecution,
  "executionId" | "scheduleId" | "scheduleName" | "entityType" | "action" | "entityId" | "scheduledFor"
>;

/** The ledger: one row per ended occurrence. */
export interface ExecutionStore {
  /** The occurrence keys that have an outcome. */
  settledKeys(keys: readonly string[]): Promise<Set<string>>;
  getExecution(executionId: string): Promise<StoredExecution | null>;
  /**
   * The ended executions with these ids and the nominal time `scheduledForMs`, in any order.
   */
  relatedExecutions(
    input: TopicScope & { scheduledForMs: number; ids: readonly string[] },
  ): Promise<RelatedExecution[]>;
  /** In any order; unknown ids are omitted. */
  executionNames(ids: readonly string[], scope?: TopicScope): Promise<ExecutionNames[]>;
  /** In the order of `sort`, then by executionId, both descending. */
  listExecutions(query: ExecutionQuery): Promise<Page<StoredExecution>>;
  /** Counts all executions and late executions by time bucket and outcome. */
  executionHistogram(
    query: Omit<ExecutionQuery, "limit" | "cursor">,
    bucketSeconds: number,
  ): Promise<{ at: number; outcome: Outcome; late: number; count: number }[]>;
  /**
   * The dead executions of a query in groups, the largest first. Groups the newest 100,000 and returns up to 100
   * groups: `isComplete` is false if there may be more. `previousFromMs` is the start of the preceding period, for
   * `isNew`.
   */
  failureGroups(input: {
    query: Omit<ExecutionQuery, "limit" | "cursor" | "status" | "decided"> & { fromMs: number };
    previousFromMs: number;
  }): Promise<{ groups: FailureGroup<number>[]; isComplete: boolean }>;
  /**
   * The most frequent values of a facet under the other filters; counts are approximate. With `scope`, the counts come
   * from the roll-ups if a roll-up has the columns of all filters.
   */
  executionFacet(
    facet: ExecutionFacet,
    query: Omit<ExecutionQuery, "limit" | "cursor" | "sort">,
    scope?: RollupScope,
  ): Promise<FacetCount[]>;
  ledgerCounts(
    input: TopicScope & {
      fromMs: number;
    },
  ): Promise<{ succeeded: number; dead: number; expired: number; skipped: number; cancelled: number }>;
}
