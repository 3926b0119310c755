import type { CapabilityName, HealthPart } from "./choices";
import type { FieldFault } from "./errors";
import type { Attempt, StoredExecution } from "./execution";
import type { Explanation } from "./explain/explanation";
import type { HeaderView } from "./message-headers";
import type { Outcome, Schedule, ScheduleStatus, Tier } from "./schedule";

/** Results of services; REST maps them to snake_case. Times are ISO 8601 UTC strings, or null. */

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Exact if `totalIsExact`, else a lower bound, which pages print as "10,000+". */
  total: number;
  totalIsExact: boolean;
}

export interface ScheduleView
  extends Omit<
    Schedule,
    | "state"
    | "rawValue"
    | "headers"
    | "executionTime"
    | "startAt"
    | "endAt"
    | "pausedAt"
    | "pausedUntil"
    | "createdAt"
    | "updatedAt"
  > {
  status: ScheduleStatus;
  /** JSON text as it was sent; `JSON.parse` would lose numbers beyond 2^53. */
  payload: string;
  /** For reading. If an object of strings cannot represent the headers, `headerList` has them exactly. */
  headers: Record<string, string>;
  headerList: HeaderView[] | null;
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
}

/** A row of a list, without the payload, which may have 1 MiB. `recent`: the last outcomes, oldest first. */
export type ScheduleListItem = Omit<ScheduleView, "payload" | "headers" | "headerList"> & {
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

/** Some of a schedule's planned occurrences. */
export interface OccurrencePage extends Preview {
  /** The range has more than `limit` occurrences. */
  truncated: boolean;
  /** The `from` of the next page; null for the last page. */
  nextFrom: string | null;
}

export type ExecutionState = Outcome | "pending" | "running" | "retrying";

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
  > {
  status: ExecutionState;
  scheduledFor: string;
  effectiveAt: string;
  firedAt: string | null;
  endedAt: string | null;
  attemptCount: number;
}

export interface ExecutionView extends ExecutionRow {
  key: string;
  /** The id of the execution that this one replays; null if it is no replay. */
  replayOf: string | null;
  attempts: (Omit<Attempt, "at"> & { at: string })[];
  /** JSON text, as in `ScheduleView`. */
  payload: string;
  headers: Record<string, string>;
  headerList: HeaderView[] | null;
}

export interface HealthReason {
  service: HealthPart;
  severity: "warning" | "critical";
  message: string;
}

/** A function of the product. `unknown`: its state cannot be read, which alone does not make the product degraded. */
export interface Capability {
  name: CapabilityName;
  state: "ok" | "degraded" | "unknown";
  /** All faults; null if it is ok. */
  reason: string | null;
}

export interface Health {
  status: "healthy" | "degraded";
  reasons: HealthReason[];
  services: { name: HealthPart | "self-test"; ok: boolean; detail: string; latencyMs: number | null }[];
  /** The functions of the product and their faults. */
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
  /** The address of its liveness endpoint. */
  url: string;
  /** Its tz database; null for workers that do not report it. */
  tzdata: { version: string; source: string } | null;
  loops: {
    name: string;
    lastTickAt: string | null;
    lastError: string | null;
    ticks: number;
    /** Failed ticks in a row until now. */
    failuresInARow: number;
    failingSince: string | null;
    /** How often the reader of the delayed topic was restarted after the bus had ended it. */
    restarts: number;
  }[];
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
    checked: number;
    moved: number;
  } | null;
  /** Schedules with runs that the applied version moved, with the first of those runs. */
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
  /** False if there are more than were counted. */
  missedIsExact: boolean;
  oldest: string | null;
  newest: string | null;
  /** How many missed occurrences each choice would run. */
  wouldRun: { none: number; last: number; all: number };
  /** The schedule's own policy. */
  byDefault: "none" | "last" | "all";
}

/** Why a schedule did, or did not, fire at a time: an answer for each occurrence asked for, oldest first. */
export interface ExplanationPage {
  scheduleId: string;
  timezone: string;
  currentVersion: number;
  /** Each with its facts, and as a sentence with times in the schedule's zone. */
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
  pending: number;
  redisPending: number;
  clickhousePending: number;
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

/** `late` is part of `succeeded`. Success rate = succeeded / (succeeded + dead + expired), null for none. */
export interface AnalyticsSummary {
  from: string;
  to: string;
  totals: OutcomeCounts & { total: number; retried: number };
  previous: OutcomeCounts & { total: number; retried: number };
  successRate: number | null;
  previousSuccessRate: number | null;
  latenessMs: Percentiles;
  publishMs: Percentiles;
  byTopic: { topic: string; total: number; dead: number; successRate: number | null; latenessP95: number | null }[];
  bySource: { source: string; total: number; dead: number }[];
  byTier: { tier: Tier; total: number; queueP50Ms: number | null; queueP95Ms: number | null }[];
  topErrors: { errorClass: string; error: string; count: number; lastAt: string }[];
  /** `entityType` and `action` are those of the last execution; null where the ledger no longer has one. */
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
  from: string;
  to: string;
  bucketSeconds: number;
  /** The start of the last bucket if it is still filling. */
  unfinishedFrom: string | null;
  /** Buckets with executions; a missing one is a gap, not a zero. */
  buckets: PerformanceBucket[];
  /** Upper edges in ms of the publish durations, for the heatmap. */
  publishEdgesMs: number[];
  publishHeat: { at: string; counts: number[] }[];
}

export interface SettingView {
  key: string;
  value: string | number | boolean;
  default: string | number | boolean;
  source: "default" | "page" | "environment";
  type: "integer" | "boolean" | "zone";
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
