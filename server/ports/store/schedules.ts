import type { Outcome, Schedule, ScheduleStatus, Source, Tier } from "~/server/domain/schedule";
import type { Page } from "~/server/domain/views";

export type ScheduleSort = "name" | "next_execution" | "last_execution" | "created_at" | "updated_at" | "error_count";

/** Restricts a query to topics that begin with one of the prefixes; undefined is no restriction. */
export interface TopicScope {
  topicPrefixes?: readonly string[];
}

/** All filters combine (AND). Times are epoch ms. */
export interface ScheduleQuery extends TopicScope {
  q?: string;
  enabled?: boolean;
  status?: ScheduleStatus[];
  tag?: string[];
  topic?: string[];
  entityType?: string;
  action?: string;
  source?: Source[];
  sourceIdPrefix?: string;
  tier?: Tier;
  dueBefore?: number;
  dueAfter?: number;
  kind?: "recurring" | "one_time";
  cronExpression?: string;
  timezone?: string;
  /** Paused until a time before this. */
  pausedUntilBefore?: number;
  /** Last outcome dead or expired. */
  failing?: boolean;
  /** Active and due before this time, whatever delay its jitter adds. */
  overdueBefore?: number;
  sort: ScheduleSort;
  descending: boolean;
  /** Leaves payloads and headers empty, which are most of the data. */
  bare?: boolean;
  /** Does not count the matches; `total` is then 0 and not exact. */
  uncounted?: boolean;
  limit: number;
  cursor?: string;
}

export type ScheduleFilter = Omit<ScheduleQuery, "sort" | "descending" | "limit" | "cursor">;

/** By schedule id. */
export type RecentOutcomes = Map<
  string,
  { executionId: string; outcome: Outcome; late: boolean; scheduledFor: number }[]
>;

/** Schedules of a topic whose payloads are encrypted with the same key, or not encrypted. */
export interface SealedGroup {
  topic: string;
  /** The beginning of an encrypted payload; empty for other payloads. */
  start: string;
  total: number;
  /** Number of schedules that are not completed. */
  open: number;
}

/** The catalogue: one row per schedule. */
export interface ScheduleStore {
  /**
   * The newest rows of these ids, including deleted schedules, in no order; unknown ids are left out. If `bare`,
   * without payloads and headers.
   */
  getSchedules(ids: readonly string[], options?: { bare?: boolean }): Promise<Schedule[]>;
  /** The newest revision of each of these ids; unknown ids are left out. */
  revisions(ids: readonly string[]): Promise<Map<string, number>>;
  /** The id of the schedule with this name that is not deleted; null for none. */
  findIdByName(name: string): Promise<string | null>;
  /** The names of all schedules that are not deleted, in pages. */
  liveNames(): AsyncIterable<{ name: string; scheduleId: string }[]>;
  /** `recent` has the last `recentRuns` outcomes of each schedule in order of time; none by default. */
  listSchedules(query: ScheduleQuery, recentRuns?: number): Promise<Page<Schedule> & { recent: RecentOutcomes }>;
  /** The number of matches, like the total of a list. */
  countSchedules(filter: ScheduleFilter): Promise<Pick<Page<Schedule>, "total" | "totalIsExact">>;
  /** Ids of all matches, for bulk actions, in id order after `afterId`. */
  matchingIds(query: ScheduleFilter, page: { afterId?: string; limit: number }): Promise<string[]>;
  /** Distinct tags, topics, sources and entity types of live schedules with counts; at most `MAX_FACETS` each. */
  facets(scope?: TopicScope): Promise<{
    tags: { value: string; count: number }[];
    topics: { value: string; count: number }[];
    sources: { value: string; count: number }[];
    entityTypes: { value: string; count: number }[];
  }>;
  /** Active rows with `tier = clickhouse` and next_execution before `beforeMs`, soonest first (past-due included). */
  dueForPromotion(input: { beforeMs: number; limit: number }): Promise<Schedule[]>;
  /** Active rows of both tiers due before `beforeMs`, in pages of at most 1,000, for the rebuild of a lost Redis. */
  dueForRebuild(input: { beforeMs: number }): AsyncIterable<Schedule[]>;
  /**
   * Recurring rows for the watchdog, in pages: rows that fired, changed or were deleted since `sinceMs`, and active
   * rows in Redis that have never fired. Completed rows are left out.
   */
  recurringTouchedSince(input: { sinceMs: number }): AsyncIterable<Schedule[]>;
  /** Active recurring rows in one of these time zones (lower case; null: any), in pages. */
  recurringOfZones(input: { zones: readonly string[] | null }): AsyncIterable<Schedule[]>;
  /**
   * Counts live schedules by topic and by the beginning of the payload, which identifies the key of an encrypted
   * payload.
   */
  sealedGroups(): Promise<SealedGroup[]>;
  /** Ids of schedules of a group that are not completed, in id order after `afterId`. */
  idsOfSealedGroup(input: { topic: string; start: string; afterId?: string; limit: number }): Promise<string[]>;
  catalogueCounts(scope?: TopicScope): Promise<{
    total: number;
    active: number;
    paused: number;
    disabled: number;
    completed: number;
    /** Active schedules in Redis that have a next occurrence. */
    redisPending: number;
    /** Active schedules in ClickHouse that have a next occurrence. */
    clickhousePending: number;
  }>;
}
