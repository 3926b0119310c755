import type { InstanceInput } from "~/server/domain/changes/change";
import type { DocumentKind } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import type { Placement } from "~/server/domain/placement";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "./answers";

export interface PutInput {
  /** The complete new row. For an edit, the counters of the record in Redis replace those of `state`. */
  schedule: Schedule;
  placement: Placement;
  /** The version that the caller edited; null to create. */
  expectedVersion: number | null;
  /** Ledger rows of unclaimed occurrences, written with this change, except occurrences that were claimed meanwhile. */
  executions?: readonly Execution[];
  /** Documents of the small tables that are recorded with this change, such as its audit entry. */
  documents?: readonly { kind: DocumentKind; json: string }[];
  /** Instances to run beside the plan, for the catch-up on resume. */
  instances?: readonly InstanceInput[];
  /**
   * The position of a delayed message. If the partition's watermark has reached it, the put is a redelivery: `exists`.
   */
  watermark?: { partition: string; offset: string; timestampMs: number };
  /** Stored with the change; only for a put of one schedule. If its key is known, nothing is done: `answered`. */
  answer?: KeptAnswer;
}

export type PutResult =
  | { status: "stored"; schedule: Schedule }
  /** Created already, or redelivered. */
  | { status: "exists" }
  | { status: "stale"; currentVersion: number }
  | { status: "deleted" }
  /** A one-time schedule that is leased or waits for a retry can only be deleted. */
  | { status: "in_flight" }
  /** The idempotency key was used before: nothing was done. */
  | { status: "answered"; answer: string };

/** Schedules that are due within the horizon, and fences of schedules that left the hot tier. */
export interface HotSchedules {
  put(input: PutInput): Promise<PutResult>;
  /**
   * Results in input order. One call per shard and chunk: if a call fails, others may have been stored. `newEntry`
   * returns the JSON of an audit entry without `targets` and `after`. Each call records one such entry with its
   * changes, about the schedules that it stored.
   */
  putMany(inputs: readonly PutInput[], newEntry?: () => string): Promise<PutResult[]>;
  /** Moves due rows of ClickHouse into Redis, unless a newer revision is known. Results in input order. */
  promote(
    rows: readonly { schedule: Schedule; plan: readonly PlannedOccurrence[] }[],
  ): Promise<("promoted" | "present" | "fenced")[]>;
  /**
   * Hot records by id, pending or leased; null if Redis has none. `nextExecution` is the first occurrence of the plan.
   * `bare` leaves the payload empty.
   */
  getMany(ids: readonly string[], options?: { bare?: boolean }): Promise<(Schedule | null)[]>;
  /** The newest known version and revision of schedules that left the hot tier recently. */
  fences(ids: readonly string[]): Promise<({ revision: number; version: number; deleted: boolean } | null)[]>;
  /**
   * For rows of schedules outside of the hot tier: the ids whose row the recorder acknowledged, or about which Redis
   * cannot tell, because the fence is gone or newer.
   */
  recorded(rows: readonly { scheduleId: string; revision: number }[]): Promise<string[]>;
  /** The first `limit` occurrences in the lanes of all shards, soonest first. */
  upcoming(input: { limit: number }): Promise<{ schedule: Schedule; nominalMs: number; effectiveMs: number }[]>;
}
