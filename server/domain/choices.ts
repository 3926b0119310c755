/* The closed sets of values. The dashboard lists them and must not load zod, so their schemas are elsewhere. */

export const TIERS = ["redis", "clickhouse"] as const;
export const SOURCES = ["kafka_delayed", "api_request", "admin", "code", "system"] as const;
export const SCHEDULE_STATUSES = ["active", "paused", "disabled", "completed"] as const;
export const OUTCOMES = ["succeeded", "dead", "expired", "skipped", "cancelled"] as const;
export const TRIGGERS = ["schedule", "manual", "replay", "catch_up", "delayed_event"] as const;

/** Why an occurrence ended with its outcome (semantics §1). A succeeded one has no reason. */
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

/** Why an attempt failed (contract §8). Only `bad_payload` is never retried. */
export const ERROR_CLASSES = ["broker_connection", "publish", "bad_payload"] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** The product's functions for its callers; health reports each of them. */
export const CAPABILITIES = ["accepts", "fires", "records", "promotes", "consumes"] as const;
export type CapabilityName = (typeof CAPABILITIES)[number];
/** The part that a reason of the health check is about. */
export type HealthPart = "redis" | "clickhouse" | "bus" | "worker" | "settings";
