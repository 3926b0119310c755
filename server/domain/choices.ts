/* The closed sets of values, apart from their schemas: the dashboard lists them and must not load zod for it. */

export const TIERS = ["redis", "clickhouse"] as const;
export const SOURCES = ["kafka_delayed", "api_request", "admin", "code", "system"] as const;
export const SCHEDULE_STATUSES = ["active", "paused", "disabled", "completed"] as const;
export const OUTCOMES = ["succeeded", "dead", "expired", "skipped", "cancelled"] as const;
/** Why an attempt failed (contract §8). Only `bad_payload` is never retried. */
export const ERROR_CLASSES = ["broker_connection", "publish", "bad_payload"] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];
export const TRIGGERS = ["schedule", "manual", "replay", "catch_up", "delayed_event"] as const;
