/*
 * The allowed values of fields with a fixed set. The dashboard imports this file and must not load zod, so the zod
 * schemas of the fields are in other files.
 */

export const TIERS = ["redis", "clickhouse"] as const;
export const SOURCES = ["kafka_delayed", "api_request", "admin", "code", "system"] as const;
export const SCHEDULE_STATUSES = ["active", "paused", "disabled", "completed"] as const;
export const OUTCOMES = ["succeeded", "dead", "expired", "skipped", "cancelled"] as const;
export const DST_GAPS = ["first_valid", "skip", "shift"] as const;
export const DST_OVERLAPS = ["first", "second", "both"] as const;
export const CATCH_UP_POLICIES = ["none", "last", "all"] as const;
export const TRIGGERS = ["schedule", "manual", "replay", "catch_up", "delayed_event"] as const;

/** Why an occurrence ended with its outcome (semantics §1). */
export const END_REASONS = {
  succeeded: [],
  dead: ["retries_used_up", "max_delay", "bad_payload"],
  expired: ["max_delay"],
  skipped: ["paused", "catch_up_policy", "superseded_by_edit", "dst_gap", "schedule_ended"],
  cancelled: ["deleted"],
} as const satisfies Record<(typeof OUTCOMES)[number], readonly string[]>;
export type EndReasonOf<O extends keyof typeof END_REASONS> = (typeof END_REASONS)[O][number];
export type EndReason = EndReasonOf<keyof typeof END_REASONS>;
export type SkipReason = EndReasonOf<"skipped">;

/** Why an attempt failed (contract §8). All except `bad_payload` are retried. */
export const ERROR_CLASSES = ["broker_connection", "publish", "bad_payload", "decryption"] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** The functions of the product that health reports. */
export const CAPABILITIES = ["accepts", "fires", "records", "promotes", "consumes"] as const;
export type CapabilityName = (typeof CAPABILITIES)[number];
export type HealthPart = "redis" | "clickhouse" | "bus" | "worker";

/** The codes of the reasons of the health check, with the affected part. */
export const HEALTH_CODES = {
  redis_unreachable: "redis",
  redis_refuses_writes: "redis",
  redis_unreadable: "redis",
  redis_evicts: "redis",
  redis_not_durable: "redis",
  self_test_accepts: "redis",
  clickhouse_unreachable: "clickhouse",
  clickhouse_breaker_open: "clickhouse",
  recording_behind: "clickhouse",
  self_test_records: "clickhouse",
  bus_unreachable: "bus",
  topic_refuses: "bus",
  no_worker: "worker",
  loop_failing: "worker",
  firing_stuck: "worker",
  recording_stuck: "worker",
  firing_late: "worker",
  firing_backlog: "worker",
  all_paused: "worker",
  outcomes_missing: "worker",
  clock_skew: "worker",
  zones_differ: "worker",
  quarantine_waits: "worker",
  self_test_fires: "worker",
} as const satisfies Record<string, HealthPart>;
export type HealthCode = keyof typeof HEALTH_CODES;

/** A succeeded execution with more lateness than this is `late` (contract §8). */
export const LATE_MS = 30_000;
