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
  /** Ledger rows to write with this change. Rows of occurrences that were claimed meanwhile are left out. */
  executions?: readonly Execution[];
  /** Documents to record with this change, such as its audit entry. */
  documents?: readonly { kind: DocumentKind; json: string }[];
  /** Instances to run beside the plan, for the catch-up after a pause. */
  instances?: readonly InstanceInput[];
  /** The position of a delayed message. A message at or before its partition's watermark is a redelivery: `exists`. */
  position?: { partition: string; offset: string; timestampMs: number };
  /** The answer to store with the change; only for a put of one schedule. If its key is known: `answered`. */
  answer?: KeptAnswer;
}

export type PutResult =
  | { status: "stored"; schedule: Schedule }
  /** The id exists, or the message is a redelivery. */
  | { status: "exists" }
  | { status: "stale"; currentVersion: number }
  | { status: "deleted" }
  /** A one-time schedule in flight can only be deleted. */
  | { status: "in_flight" }
  /** The idempotency key was used before, and nothing was stored. */
  | { status: "answered"; answer: string };

/** Schedules that are due within the horizon, and fences of schedules that left the hot tier. */
export interface HotSchedules {
  put(input: PutInput): Promise<PutResult>;
  /**
   * Results in input order. Makes one call per shard and chunk, so part of the inputs may be stored if a call fails.
   * `newEntry` returns the JSON of an audit entry without `targets` and `after`. Each call records one entry about the
   * schedules that it stored.
   */
  putMany(inputs: readonly PutInput[], newEntry?: () => string): Promise<PutResult[]>;
  /** Moves rows of ClickHouse into Redis, unless Redis has the schedule or knows a newer revision. In input order. */
  promote(
    rows: readonly { schedule: Schedule; plan: readonly PlannedOccurrence[] }[],
  ): Promise<("promoted" | "present" | "fenced")[]>;
  /**
   * Hot records by id, pending or leased; null if Redis has none that can be read. `nextExecution` is the first
   * occurrence of the plan. `bare` leaves the payload empty.
   */
  getMany(ids: readonly string[], options?: { bare?: boolean }): Promise<(Schedule | null)[]>;
  /** The newest version and revision of schedules that left the hot tier recently; null if unknown. */
  fences(ids: readonly string[]): Promise<({ revision: number; version: number; deleted: boolean } | null)[]>;
  /**
   * For rows of schedules outside of the hot tier: the ids whose row may be recorded. Omits an id only if its fence
   * shows that the recorder has not acknowledged the row yet.
   */
  maybeRecorded(rows: readonly { scheduleId: string; revision: number }[]): Promise<string[]>;
  /**
   * The first `limit` planned occurrences of all shards, soonest first. Without waiting retries, catch-up and manual
   * runs, whose time is not the next run of their schedule.
   */
  upcoming(input: { limit: number }): Promise<{ schedule: Schedule; nominalMs: number; effectiveMs: number }[]>;
}
