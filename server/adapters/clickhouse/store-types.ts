import type { Execution, StoredExecution } from "~/server/domain/execution";
import type { MovedRun, ZoneSnapshot } from "~/server/domain/recurrence";
import type { Outcome, Schedule, ScheduleStatus, Source, Tier } from "~/server/domain/schedule";
import type { AnalyticsSummary, Page, Performance } from "~/server/domain/views";

export type ScheduleSort = "name" | "next_execution" | "last_execution" | "created_at" | "updated_at" | "error_count";

/** All filters combine (AND). Times are epoch ms. */
export interface ScheduleQuery {
  q?: string;
  enabled?: boolean;
  status?: ScheduleStatus[];
  tag?: string[];
  topic?: string[];
  entityType?: string;
  action?: string;
  source?: Source[];
  tier?: Tier;
  dueBefore?: number;
  dueAfter?: number;
  kind?: "recurring" | "one_time";
  /** Paused until a time before this. */
  pausedUntilBefore?: number;
  /** Last outcome dead or expired. */
  failing?: boolean;
  /** Active and due before now minus a minute. */
  overdueAt?: number;
  sort: ScheduleSort;
  descending: boolean;
  limit: number;
  cursor?: string;
}

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
  /** Dead ones about which somebody has decided, or has not. */
  decided?: boolean;
  q?: string;
  limit: number;
  cursor?: string;
}

/**
 * The small tables: accounts, settings, audit, dead-letter decisions, refused messages, waiting occurrences, applied
 * retention, quarantine.
 */
export const DOCUMENT_KINDS = ["u", "g", "a", "d", "r", "w", "t", "q", "j"] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** By schedule id. */
export type RecentOutcomes = Map<
  string,
  { executionId: string; outcome: Outcome; late: boolean; scheduledFor: number }[]
>;

/** Days; null: no limit. */
export interface TableRetention {
  historyDays: number | null;
  analyticsDays: number | null;
}

/** A row of a small table. `json` is the document; the newest `version` of a key wins. */
export interface DocumentRow {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
}

/**
 * The durable store. Every call has a timeout and throws `AppError("clickhouse_unavailable")` when the server is away,
 * `AppError("query_timeout")` when a read took too long, `AppError("cursor_invalid")` for a cursor it did not make.
 */
/** One application of a tz database. Times are epoch ms. */
export interface ZoneVersionRow {
  version: string;
  previous: string | null;
  source: string;
  appliedAtMs: number;
  checked: number;
  moved: number;
  /** Its rules from then on. */
  rules: ZoneSnapshot;
}

/** What became of an event of the self-test. */
export interface SelfTestRow {
  scheduledFor: number;
  outcome: Outcome;
  latenessMs: number;
  error: string | null;
}

/** A schedule whose runs a tz database has moved, with the first of them. */
export interface ZoneMoveRow {
  scheduleId: string;
  name: string | null;
  timezone: string;
  cronExpression: string;
  runs: MovedRun[];
}

export interface Store {
  /** The same store for one request: its reads end, as `query_timeout`, when the signal aborts. */
  within(signal: () => AbortSignal): Store;
  /** The store without any request's bound, for work that several requests share. */
  readonly shared: Store;
  ping(): Promise<{ ok: boolean; detail: string; latencyMs: number }>;
  /**
   * One recorder batch. The same `token` twice adds nothing, in the roll-ups too. `mayRepeat`: rows of it may have come
   * in under another token; those are left out, at the price of a look at the ledger. Throws `DataFault` where
   * ClickHouse refuses a row for what is in it: then at least one table has none of the batch.
   */
  insertBatch(input: {
    token: string;
    schedules: readonly Schedule[];
    executions: readonly Execution[];
    mayRepeat?: boolean;
    /** Which piece of the batch this is, where it is inserted in several: each has a deduplication token of its own. */
    piece?: string;
  }): Promise<void>;
  /** Events of the self-test; the newest of each of its schedules is kept. */
  insertSelfTests(input: { token: string; rows: readonly Execution[] }): Promise<void>;
  /** The newest of them from that time on; null while it is not recorded. */
  selfTest(input: { scheduleId: string; scheduledFor: number }): Promise<SelfTestRow | null>;
  insertDocuments(input: { token: string; kind: DocumentKind; rows: readonly DocumentRow[] }): Promise<void>;
  /** The newest version of each key, deleted ones too. */
  documents(kind: "u" | "g" | "t"): Promise<DocumentRow[]>;
  /** What is kept of bulk jobs under keys that begin so, in key order. */
  bulkParts(start: string): Promise<DocumentRow[]>;
  /** The newest `limit` messages that the delayed topic refused, newest first. */
  refusedMessages(limit: number): Promise<DocumentRow[]>;
  /** What is in the quarantine without its bytes, newest first, at most `limit`, and how many there are. */
  quarantined(limit: number): Promise<{ items: DocumentRow[]; total: number }>;
  /** One of them, with its bytes; null where it is not there, or decided. */
  quarantinedItem(key: string): Promise<DocumentRow | null>;
  /** The newest rows of these ids, deleted ones too, in no order; an id that is unknown has none. */
  getSchedules(ids: readonly string[]): Promise<Schedule[]>;
  /** The newest revision of each of these that is there at all. */
  revisions(ids: readonly string[]): Promise<Map<string, number>>;
  findLiveName(name: string): Promise<string | null>;
  /** The names of all schedules that are not deleted, in pages. */
  liveNames(): AsyncIterable<{ name: string; scheduleId: string }[]>;
  /** With the newest `recentRuns` outcomes of each, oldest first; none by default. */
  listSchedules(query: ScheduleQuery, recentRuns?: number): Promise<Page<Schedule> & { recent: RecentOutcomes }>;
  /** Ids of all that match, for bulk work, in id order after `afterId`. */
  matchingIds(
    query: Omit<ScheduleQuery, "sort" | "descending" | "limit" | "cursor">,
    page: { afterId?: string; limit: number },
  ): Promise<string[]>;
  /** Distinct tags, topics, sources with counts, over live schedules; bounded to 200 each. */
  facets(): Promise<{
    tags: { value: string; count: number }[];
    topics: { value: string; count: number }[];
    sources: { value: string; count: number }[];
    entityTypes: { value: string; count: number }[];
  }>;
  /** Active rows with `tier = clickhouse` and next_execution before `beforeMs`, soonest first (past-due included). */
  dueForPromotion(input: { beforeMs: number; limit: number }): Promise<Schedule[]>;
  /**
   * Active rows of both tiers due before `beforeMs`, a page of at most 1,000 after the other: for the rebuild of a lost
   * Redis.
   */
  dueForRebuild(input: { beforeMs: number }): AsyncIterable<Schedule[]>;
  /**
   * Recurring rows that fired, waited or changed since `sinceMs`, deleted ones too, in pages as well: for the watchdog.
   */
  recurringTouchedSince(input: { sinceMs: number }): AsyncIterable<Schedule[]>;
  /** Active recurring rows whose time zone is one of these (lower case; null: any), in pages as well. */
  recurringOfZones(input: { zones: readonly string[] | null }): AsyncIterable<Schedule[]>;
  /** The tz database that the plans were made with last; null before the first start. */
  lastZoneVersion(): Promise<ZoneVersionRow | null>;
  insertZoneVersion(row: ZoneVersionRow): Promise<void>;
  /** Which schedules a version has moved. Idempotent by version and schedule. */
  insertZoneMoves(input: { version: string; rows: readonly ZoneMoveRow[] }): Promise<void>;
  zoneMoves(input: { version: string; limit: number }): Promise<ZoneMoveRow[]>;
  /** Which of these occurrence keys have an outcome already. */
  settledKeys(keys: readonly string[]): Promise<Set<string>>;
  /** Occurrences that have waited in Redis alone at some time since `sinceMs`, in key order after `afterKey`. */
  waitingSince(input: { sinceMs: number; afterKey?: string; limit: number }): Promise<DocumentRow[]>;
  catalogueCounts(): Promise<{
    total: number;
    active: number;
    paused: number;
    disabled: number;
    completed: number;
    redisPending: number;
    clickhousePending: number;
  }>;
  getExecution(executionId: string): Promise<StoredExecution | null>;
  /** Newest first by scheduledFor, executionId. */
  listExecutions(query: ExecutionQuery): Promise<Page<StoredExecution>>;
  /** Counts by time bucket and outcome (with `late`), for the histogram above the executions table. */
  executionHistogram(
    query: Omit<ExecutionQuery, "limit" | "cursor">,
    bucketSeconds: number,
  ): Promise<{ at: number; outcome: Outcome; late: number; count: number }[]>;
  /** From the roll-ups. */
  analyticsSummary(input: {
    fromMs: number;
    toMs: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
  }): Promise<AnalyticsSummary>;
  analyticsPerformance(input: {
    fromMs: number;
    toMs: number;
    bucketSeconds: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<Performance>;
  ledgerCounts(input: {
    fromMs: number;
  }): Promise<{ succeeded: number; dead: number; expired: number; skipped: number; cancelled: number }>;
  /** What the tables have: the ledger's days, and those of the roll-up that keeps longest. Null keeps for ever. */
  retention(): Promise<TableRetention>;
  /** Sets ledger and roll-up days where they differ from the table's; null leaves them as they are. */
  applyRetention(input: TableRetention): Promise<{ changed: string[] }>;
  /** Completed or deleted rows older than the retention, and expired parts; `dryRun` only counts. */
  cleanup(input: { beforeMs: number; dryRun: boolean }): Promise<{ schedules: number; executions: number }>;
  close(): Promise<void>;
}
