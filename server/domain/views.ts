import type { Ownership } from "./as-code/ownership";
import type { CapabilityName, HealthCode, HealthPart } from "./choices";
import type { FieldFault } from "./errors";
import type { Attempt, StoredExecution } from "./execution";
import type { Explanation } from "./explain/explanation";
import type { NotRun } from "./load/outage";
import type { HeaderView } from "./message-headers";
import type { ProtectionRule } from "./protection/rule";
import type { RunCounts } from "./recurrence/run-counts";
import type { ListName } from "./saved-view";
import type { Outcome, Schedule, ScheduleStatus, Tier } from "./schedule";
import type { SettingDefinition } from "./settings";

/** Results of services; REST maps them to snake_case. Times are ISO 8601 UTC strings, or null. */

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Exact if `totalIsExact`, else a lower bound, which pages print as "10,000+". */
  total: number;
  totalIsExact: boolean;
  /** True if Redis did not respond: the rows are as ClickHouse last recorded them, without later changes. */
  isRecordedOnly?: boolean;
}

/** What a schedule or an execution publishes. */
export interface ScheduleContent {
  /** JSON text as it was sent; `JSON.parse` would lose numbers beyond 2^53. */
  payload: string;
  /** For reading. If an object of strings cannot represent the headers, `headerList` has them exactly. */
  headers: Record<string, string>;
  headerList: HeaderView[] | null;
  /** The paths of masked values, such as `$.card.number` and `$headers.authorization`; at most 100. */
  masked: string[];
}

export interface ScheduleView
  extends ScheduleContent,
    Omit<
      Schedule,
      | "state"
      | "rawValue"
      | "headers"
      | "payload"
      | "executionTime"
      | "startAt"
      | "endAt"
      | "pausedAt"
      | "pausedUntil"
      | "createdAt"
      | "updatedAt"
    > {
  status: ScheduleStatus;
  executionTime: string | null;
  startAt: string | null;
  endAt: string | null;
  pausedAt: string | null;
  pausedUntil: string | null;
  createdAt: string;
  updatedAt: string;
  tier: Tier;
  nextExecution: string | null;
  lastExecution: string | null;
  lastStatus: Outcome | null;
  lastError: string | null;
  executionCount: number;
  errorCount: number;
  /** The number of planned runs that count towards `maxRuns`; null without `maxRuns`. */
  runsTaken: number | null;
  /** The document of schedules as code that the schedule belongs to; null for none. */
  managedBy: Ownership | null;
}

/** A filter of a list, saved under a name. */
export interface SavedView {
  viewId: string;
  list: ListName;
  name: string;
  /** The query of the list's URL. */
  query: string;
  shared: boolean;
  updatedBy: string;
  updatedAt: string;
}

/**
 * A row of a list, without the payload, which may have 1 MiB. `cadence`: when the schedule fires, in words. `recent`:
 * the last outcomes, oldest first.
 */
export type ScheduleListItem = Omit<ScheduleView, keyof ScheduleContent> & {
  cadence: string;
  recent: { outcome: Outcome; late: boolean; scheduledFor: string; executionId: string }[];
};

export interface PreviewOccurrence {
  nominal: string;
  effective: string;
  local: string;
  note: string | null;
}

export interface Preview {
  occurrences: PreviewOccurrence[];
  description: string;
  warnings: string[];
}

/** The fields that the display name of a schedule is made of. */
export type ScheduleName = Pick<Schedule, "scheduleId" | "name" | "entityType" | "action" | "entityId">;

/** The fields that the display name of an execution is made of. */
export interface ExecutionName {
  executionId: string;
  scheduleId: string;
  scheduleName: string | null;
  entityType: string;
  action: string;
  entityId: string | null;
  scheduledFor: string;
}

/** The preview of an unsaved cron. */
export interface SchedulePreview extends Preview {
  /** The number of occurrences in the 24 hours and in the 7 days after the start of the preview. */
  runs: RunCounts;
}

/** Some of a schedule's planned occurrences. */
export interface OccurrencePage extends Preview {
  /** The range has more than `limit` occurrences. */
  truncated: boolean;
  /** The `from` of the next page; null for the last page. */
  nextFrom: string | null;
  /** The next change of the clocks in words: "28 Mar 2027: 02:30 does not exist; runs at 03:00"; null for none. */
  nextClockChange: string | null;
}

export type ExecutionState = Outcome | "pending" | "running" | "retrying" | "held";

export interface ExecutionRow
  extends Omit<
    StoredExecution,
    | "scheduledFor"
    | "effectiveAt"
    | "firedAt"
    | "endedAt"
    | "attempts"
    | "payload"
    | "headers"
    | "enteredRedisAt"
    | "outcome"
    | "key"
    | "rawValue"
    | "actorType"
    | "actorId"
  > {
  status: ExecutionState;
  scheduledFor: string;
  effectiveAt: string;
  firedAt: string | null;
  endedAt: string | null;
  attemptCount: number;
}

/** An execution that has not ended. */
export interface InFlightExecution extends ExecutionRow {
  /** When the next attempt, or the start beside the plan, is due; null for a running or held execution. */
  dueAt: string | null;
  /** The end of the worker's lease; null unless the execution is running. */
  leaseEndsAt: string | null;
  /** When a held execution expires; null for never, and for an execution that is not held. */
  heldUntil: string | null;
}

export interface InFlightPage {
  /** Running executions first, then the others, each in order of their effective time. */
  items: InFlightExecution[];
  /** The number of executions in each state, whatever the filter. `waiting`: retrying and pending. */
  counts: { running: number; held: number; waiting: number };
  /** False if more executions may match. */
  isComplete: boolean;
}

export const EXECUTION_FACETS = ["status", "topic", "trigger", "source", "errorClass", "schedule"] as const;
export type ExecutionFacet = (typeof EXECUTION_FACETS)[number];

/** A value, and the approximate number of executions with this value. `label`: the name of a schedule. */
export interface FacetCount {
  value: string;
  label: string | null;
  count: number;
}

/** The most frequent values of each facet; null if they could not be counted. */
export type ExecutionFacets = Record<ExecutionFacet, FacetCount[] | null>;

/** Dead executions of a time range with the same error class and error shape. */
export interface FailureGroup<Time = string> {
  /** Null for rows without a class. */
  errorClass: string | null;
  /** The error without its numbers and ids. */
  shape: string;
  /** The newest error, at most 500 characters. */
  error: string;
  count: number;
  /** The number of executions without a decision: the open dead letters. */
  open: number;
  scheduleCount: number;
  /** The schedules with the most failures, at most three. */
  schedules: { scheduleId: string; scheduleName: string | null }[];
  firstAt: Time;
  lastAt: Time;
  /** The first failure that the roll-ups still have, exact to the hour. */
  firstSeenAt: Time;
  /** The preceding period of the same length has no such failures. */
  isNew: boolean;
  lastExecutionId: string;
}

/** An execution that was replayed, or one of its replays. */
export interface LineageRow {
  executionId: string;
  /** 0 for the original, 1 for its first replay. */
  number: number;
  status: ExecutionState;
  late: boolean;
  endedAt: string | null;
  actor: string | null;
  /** The payload or headers differ from the original's; null if unknown. */
  isEdited: boolean | null;
}

export interface ExecutionView extends ExecutionRow, ScheduleContent {
  key: string;
  /** When the next attempt, or the start beside the plan, is due; null for a running, held or ended execution. */
  dueAt: string | null;
  actorType: StoredExecution["actorType"];
  actorId: string;
  /** The id of the replayed execution; null if this execution is no replay. */
  replayOf: string | null;
  /** The original and its replays, oldest first; empty without replays. */
  lineage: LineageRow[];
  /**
   * The source of payload and headers: recorded with the execution, or the definition of its version. `unknown`: the
   * definition is not known any more, so both are empty.
   */
  contentFrom: "recorded" | "definition" | "unknown";
  attempts: (Omit<Attempt, "at"> & { at: string })[];
}

/** A fault that the health check found. */
export interface Fault {
  code: HealthCode;
  message: string;
}

export interface HealthReason extends Fault {
  service: HealthPart;
  severity: "warning" | "critical";
}

/** A function of the product. An `unknown` state cannot be read; it alone does not make the product degraded. */
export interface Capability {
  name: CapabilityName;
  state: "ok" | "degraded" | "unknown";
  /** All faults, or why the state is unknown; null for none. */
  reason: string | null;
}

export interface Health {
  status: "healthy" | "degraded";
  reasons: HealthReason[];
  services: { name: HealthPart | "self-test"; ok: boolean; detail: string; latencyMs: number | null }[];
  capabilities: Capability[];
  checkedAt: string;
}

export interface WorkerView {
  workerId: string;
  host: string;
  pid: number;
  version: string;
  startedAt: string;
  seenAt: string;
  alive: boolean;
  clockSkewMs: number;
  inFlight: number;
  firedTotal: number;
  /** The address of the worker's liveness endpoint. */
  url: string;
  /** Null for workers that do not report their tz database. */
  tzdata: { version: string; source: string } | null;
  loops: {
    name: string;
    lastTickAt: string | null;
    lastError: string | null;
    ticks: number;
    /** Failed ticks in a row until now. */
    failuresInARow: number;
    failingSince: string | null;
    /** How often reading the delayed topic was interrupted; 0 for every other loop. */
    restarts: number;
  }[];
}

/** The leases of one worker. */
export interface LeaseView {
  workerId: string;
  /** Whether the worker sends heartbeats. If it does not, its occurrences become due again when their leases end. */
  alive: boolean;
  leases: number;
  /** The lease that ends first. ISO 8601 UTC. */
  firstEndsAt: string;
  firstScheduleId: string;
}

/** The tz database of this process, and the runs that its update moved. Times are ISO 8601 in UTC. */
export interface TimeZonesView {
  version: string;
  source: string;
  /** The version of the last plans; null before the first worker has started. */
  applied: {
    version: string;
    previous: string | null;
    source: string;
    appliedAt: string;
    /** Number of recurring schedules in zones whose rules have changed. */
    checked: number;
    /** Number of these schedules with moved runs. */
    moved: number;
  } | null;
  /** The schedules with moved runs, and the first moved runs of each. */
  moves: {
    scheduleId: string;
    name: string | null;
    timezone: string;
    cronExpression: string;
    runs: { from: string | null; to: string | null }[];
  }[];
}

/** The effect of a resume. */
export interface ResumePreview {
  pausedAt: string | null;
  missed: number;
  /** False if more occurrences were missed than were counted. */
  missedIsExact: boolean;
  oldest: string | null;
  newest: string | null;
  /** How many missed occurrences each choice would run. */
  wouldRun: { none: number; last: number; all: number };
  /** The schedule's own policy. */
  byDefault: "none" | "last" | "all";
}

/** Why a schedule did, or did not, fire at a time: one answer for each occurrence, oldest first. */
export interface ExplanationPage {
  scheduleId: string;
  timezone: string;
  currentVersion: number;
  /** Each answer with its fields, and as a sentence with times in the schedule's zone. */
  answers: (Explanation & { sentence: string })[];
}

/** A breaker and the occurrences held behind it. */
export interface BreakerView {
  /** `topic:<name>` or `store:clickhouse`. */
  name: string;
  kind: "topic" | "store";
  target: string;
  state: "closed" | "open" | "half_open";
  failures: number;
  error: string | null;
  openedAt: string | null;
  nextTrialAt: string | null;
  held: number;
  oldestHeldAt: string | null;
}

export interface Stats {
  /** `redisPending` + `clickhousePending`. */
  pending: number;
  /** Occurrences that wait in Redis. */
  redisPending: number;
  /** Active schedules whose next occurrence is in ClickHouse. */
  clickhousePending: number;
  /** Leases held by workers: occurrences being published, and plans being recomputed. */
  running: number;
  overdue: number;
  /** Occurrences held while the breaker of their topic is open. */
  held: number;
  dead: number;
  completed: number;
  failed: number;
  outboxDepth: number;
  /** Age of the oldest change that ClickHouse does not have yet, ms. */
  outboxOldestMs: number;
  /** Age of the oldest due occurrence, ms. */
  oldestDueMs: number;
  /** The tz database of the answering process. */
  tzdata: { version: string; source: string };
  workers: WorkerView[];
}

export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface OutcomeCounts {
  succeeded: number;
  late: number;
  expired: number;
  skipped: number;
  dead: number;
  cancelled: number;
}

/**
 * Totals of a range, and of the preceding range of equal length. `late` is part of `succeeded`. The success rate is
 * succeeded / (succeeded + dead + expired), null if that sum is 0.
 */
export interface AnalyticsTotals {
  from: string;
  to: string;
  totals: OutcomeCounts & { total: number; retried: number };
  previous: OutcomeCounts & { total: number; retried: number };
  successRate: number | null;
  previousSuccessRate: number | null;
  latenessMs: Percentiles;
  publishMs: Percentiles;
}

export interface AnalyticsSummary extends AnalyticsTotals {
  byTopic: {
    topic: string;
    total: number;
    succeeded: number;
    dead: number;
    expired: number;
    successRate: number | null;
    latenessP95: number | null;
  }[];
  bySource: { source: string; total: number; dead: number }[];
  byTier: { tier: Tier; total: number; queueP50Ms: number | null; queueP95Ms: number | null }[];
  /** `isNew`: the preceding range of equal length has no such error. */
  topErrors: { errorClass: string; error: string; count: number; lastAt: string; isNew: boolean }[];
  /**
   * Executions by end reason (`kind` is the outcome), and retries by the class of the error that caused them (`kind` is
   * `retry`), most frequent first. Null for one schedule, because the roll-ups have no schedule ids.
   */
  topReasons: { kind: Outcome | "retry"; reason: string; count: number }[] | null;
  /** `entityType` and `action` are of the last execution; null if the ledger has no execution any more. */
  topFailures: {
    scheduleId: string;
    scheduleName: string | null;
    entityType: string | null;
    action: string | null;
    failed: number;
    total: number;
  }[];
}

export interface PerformanceBucket {
  at: string;
  counts: OutcomeCounts;
  retried: number;
  latenessMs: Percentiles;
  publishMs: Percentiles;
  successRate: number | null;
}

export interface Performance {
  /** The requested start. The first bucket may begin earlier, at a round time. */
  from: string;
  /** The requested end. The last bucket may end later. */
  to: string;
  /** The usual width of a bucket; around a clock change a bucket is longer or shorter. */
  bucketSeconds: number;
  /** The start of each bucket, and the end of the last. */
  edges: string[];
  /** The start of the bucket that is still filling; null if there is none. */
  unfinishedFrom: string | null;
  /** Buckets with executions; a missing bucket is a gap, not a zero. */
  buckets: PerformanceBucket[];
  /** Upper edges in ms of the publish durations, for the heatmap. */
  publishEdgesMs: number[];
  publishHeat: { at: string; counts: number[] }[];
}

/** A rule that protects payloads of a topic, or of all topics with a prefix. */
export interface ProtectionView extends ProtectionRule {
  version: number;
  updatedAt: string;
  updatedBy: string;
}

/** The payload schema of a topic. `schema` is its JSON text as it was sent. */
export interface TopicSchemaView {
  topic: string;
  schema: string;
  version: number;
  updatedAt: string;
  updatedBy: string;
}

export interface SettingView {
  key: string;
  value: string | number | boolean;
  default: string | number | boolean;
  /** `page`: saved on the settings page or over REST. */
  source: "default" | "page" | "environment";
  type: SettingDefinition["type"];
  min: number | null;
  max: number | null;
  unit: string | null;
  description: string;
  updatedBy: string | null;
  updatedAt: string | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  errors?: readonly FieldFault[];
  [extra: string]: unknown;
}

/** Recurring schedules with one cron and zone, in a crowded minute. */
export interface UpcomingGroup {
  cronExpression: string;
  timezone: string;
  schedules: number;
  /** Expected firings in the minute. */
  firings: number;
  /** The shortest jitter of these schedules. */
  jitterSeconds: number;
}

/** Expected firings of all schedules in a future range. Because of jitter, the numbers may be fractions. */
export interface UpcomingLoad {
  from: string;
  to: string;
  /** The zone in whose round times buckets begin. */
  timezone: string;
  bucketSeconds: number;
  /** `topics` are in the order of the topics below; `others` has all other firings. */
  buckets: { at: string; firings: number; topics: number[]; others: number; tags: number[] }[];
  topics: { topic: string; firings: number }[];
  /**
   * The tags with the most firings, if requested; `tags` of the buckets have the same order. A firing counts in each
   * tag of its schedule; without tags, in the tag "".
   */
  tags: { tag: string; firings: number }[];
  firings: number;
  /** Minutes of the range in which anything fires. */
  minutesWithFirings: number;
  /** The number of schedules that may fire in the range, and the number of counted schedules. */
  coverage: { schedules: number; counted: number };
  crowded: { at: string; firings: number; oneTime: number; groups: UpcomingGroup[]; moreGroups: number }[];
  /** `shiftSeconds`: by how much the clocks move forward; negative if they go back. */
  clockChanges: {
    at: string;
    shiftSeconds: number;
    timezones: string[];
    moreTimezones: number;
    schedules: number;
    moved: number;
    skipped: number;
    repeated: number;
  }[];
  /** Firings that were acknowledged in the last seven days. */
  measured: { minutePeak: number; minutePeakAt: string | null; bucketPeak: number; fired: number };
  computedAt: string;
  tookMs: number;
}

/** One row of the next firings. */
export interface UpcomingFiring {
  scheduleId: string;
  name: string | null;
  topic: string;
  entityType: string;
  action: string;
  entityId: string | null;
  timezone: string;
  cronExpression: string | null;
  cadence: string;
  /** The nominal time. */
  at: string;
  /** How a clock change affects the run, in words. */
  note: string | null;
  /** With jitter the schedule fires up to this much later. */
  jitterSeconds: number;
  /** `paused`: the schedule is paused, and does not fire unless resumed before. */
  state: "fires" | "paused";
  /** When the pause ends by itself. */
  pausedUntil: string | null;
}

export interface UpcomingFirings {
  items: UpcomingFiring[];
  nextCursor: string | null;
  /** The number of schedules that may fire in the range, and the number of schedules whose firings are listed. */
  coverage: { schedules: number; counted: number };
  /** When the recurring schedules were read. A page may be based on schedules of some minutes ago. */
  computedAt: string;
}

/** Numbers of missed occurrences that do not run, by reason. */
export type NotRunCounts = Partial<Record<NotRun, number>>;

/** Recurring schedules that a worker treats alike after an outage. Counts are sums over these schedules. */
export interface OutageRow {
  cronExpression: string;
  timezone: string;
  policy: "none" | "last" | "all";
  windowSeconds: number;
  catchUpMaxRuns: number;
  maxDelaySeconds: number;
  schedules: number;
  /** The schedule of a group of one; null for other groups. */
  schedule: ScheduleName | null;
  due: number;
  runs: number;
  /** Whether the catch-up policy applies; otherwise all due occurrences are at most a minute late. */
  byCatchUp: boolean;
  notRun: NotRunCounts;
  /** The nominal times of the first and last occurrence that runs; null if none does. */
  firstRun: string | null;
  lastRun: string | null;
}

/** What all workers do after an outage that ends at `to`. */
export interface UpcomingOutage {
  from: string;
  to: string;
  schedules: number;
  due: number;
  runs: number;
  /** The part of `runs` that is in the catch-up lane: after other runs and at a limited rate. */
  caughtUp: number;
  notRun: NotRunCounts;
  oneTime: { due: number; runs: number; expired: number };
  /** The groups with the most occurrences; `moreGroups` are counted, but not listed. */
  groups: OutageRow[];
  moreGroups: number;
  coverage: { schedules: number; counted: number };
  computedAt: string;
}

/** A suggestion for a one-time schedule; `best` is `wanted` if no minute nearby is less loaded. */
export interface TimeSuggestion {
  wanted: { at: string; firings: number };
  best: { at: string; firings: number };
}

/** A suggestion for a cron with one minute. Firings are those of existing schedules. */
export interface SlotSuggestion {
  /** The minute of the hour, and the maximum number of firings in any of the minutes that the cron uses. */
  wanted: { minute: number; firings: number };
  best: { minute: number; firings: number };
  /** The cron with the suggested minute; null if no minute nearby is less loaded. */
  cronExpression: string | null;
  /** How many occurrences were compared. */
  compared: number;
  /** The minute of the first compared occurrence. */
  from: string;
}
