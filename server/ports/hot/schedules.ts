import type { InstanceInput } from "~/server/domain/changes/change";
import type { Execution } from "~/server/domain/execution";
import type { Placement } from "~/server/domain/placement";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "./answers";

export interface PutInput {
  /** The whole new row. For an edit, its `state` counters are replaced by the hot record's own where there is one. */
  schedule: Schedule;
  placement: Placement;
  /** The version that the caller edited; null: the schedule must not exist yet. */
  expectedVersion: number | null;
  /**
   * Ledger rows that belong to this change: what becomes of occurrences that nobody claimed. Those claimed meanwhile
   * are left out.
   */
  executions?: readonly Execution[];
  /** Instances to run beside the plan (catch-up on resume). */
  instances?: readonly InstanceInput[];
  /** For a delayed message: refuse it if this partition's watermark has passed it. */
  watermark?: { partition: string; offset: string; timestampMs: number };
  /**
   * Kept with the change, of a put of one schedule only. Where its key is known already, nothing is done and that
   * answer comes back.
   */
  answer?: KeptAnswer;
}

export type PutResult =
  | { status: "stored"; schedule: Schedule }
  /** `expectedVersion: null` and it is there already (or the watermark has passed it). */
  | { status: "exists" }
  | { status: "stale"; currentVersion: number }
  | { status: "deleted" }
  /** A one-time schedule that is leased or waits for a retry can only be deleted. */
  | { status: "in_flight" }
  /** Its idempotency key was used before: nothing was done. */
  | { status: "answered"; answer: string };

/** Schedules that are due within the horizon, and what is known of those that left. */
export interface HotSchedules {
  put(input: PutInput): Promise<PutResult>;
  /** Results in the order of the input; one call a shard and chunk, so a part may be stored when another one fails. */
  putMany(inputs: readonly PutInput[]): Promise<PutResult[]>;
  /** ClickHouse rows that are due soon enter Redis, unless a newer revision is known. Results in order. */
  promote(
    rows: readonly { schedule: Schedule; plan: readonly PlannedOccurrence[] }[],
  ): Promise<("promoted" | "present" | "fenced")[]>;
  /**
   * Hot records by id (pending or leased one-time); null where Redis has none. With the plan's next nominal as
   * nextExecution; with `bare` the payload is an empty text, for callers that show none.
   */
  getMany(ids: readonly string[], more?: { bare?: boolean }): Promise<(Schedule | null)[]>;
  /** The newest known version and revision of schedules that left the hot tier lately. */
  fences(ids: readonly string[]): Promise<({ revision: number; version: number; deleted: boolean } | null)[]>;
  /**
   * Of these rows, all of schedules outside of the hot tier, the ids of those that the recorder has acknowledged, and
   * of those about which Redis cannot tell: their fence is gone, or speaks of a newer row.
   */
  recorded(rows: readonly { scheduleId: string; revision: number }[]): Promise<string[]>;
  /** The next `limit` due members over all shards, soonest first. */
  upcoming(input: { limit: number }): Promise<{ schedule: Schedule; nominalMs: number; effectiveMs: number }[]>;
}
