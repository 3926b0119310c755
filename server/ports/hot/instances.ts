import type { InstanceInput } from "~/server/domain/changes/change";
import type { Attempt, Trigger } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "./answers";

export interface InFlight {
  attempts: Attempt[];
  isHeld: boolean;
  /** When the instance is due, epoch ms; null while it is leased or held. */
  dueAtMs: number | null;
  actor: string | null;
}

/** `running`: leased by a worker; `waiting`: not claimed yet, for a retry or beside the plan. */
export type InFlightState = "running" | "held" | "waiting";

/** An occurrence that has left the plan and has not ended. The schedule's payload is empty. */
export interface InFlightRow {
  key: string;
  state: InFlightState;
  schedule: Schedule;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  attempts: Attempt[];
  actor: string | null;
  /** End of the lease, end of the hold, or due time, epoch ms; null if the hold never expires. */
  untilMs: number | null;
}

/** An occurrence to add beside the plan. */
export interface Enqueued {
  schedule: Schedule;
  instance: InstanceInput;
  currentVersion?: number;
  hasOwnContent?: boolean;
  /** JSON of the audit entry to record with the occurrence. */
  entry?: string;
}

export interface HotInstances {
  /**
   * Adds an occurrence beside the plan. The schedule may be long-term, paused or deleted. Returns false if the key
   * exists. If `schedule` is an older version, pass `currentVersion`, so that the catalogue keeps the newer row.
   * `hasOwnContent`: `schedule` differs from the definition of its version, so no catalogue row is made from it.
   */
  enqueue(input: Enqueued): Promise<boolean>;
  /** Like `enqueue`, and stores the answer to an idempotency key. `answered`: the key was used before. */
  enqueueOnce(
    input: Enqueued & { answer: KeptAnswer },
  ): Promise<{ status: "added" | "present" } | { status: "answered"; answer: string }>;
  /**
   * Up to `limit` instances by effective time, without the self-test. Of a shard with more instances, leased instances
   * are taken first.
   */
  listInstances(input: { limit: number }): Promise<
    {
      key: string;
      schedule: Schedule;
      nominalMs: number;
      effectiveMs: number;
      trigger: Trigger;
      attempts: Attempt[];
      leasedUntilMs: number | null;
    }[]
  >;
  /**
   * In-flight occurrences that match, up to `limit` per state and shard. `counts` is the number of all in-flight
   * occurrences by state. Examines a bounded number of occurrences: `isComplete` is false if others may match.
   */
  listInFlight(input: {
    states: readonly InFlightState[];
    topic?: string;
    scheduleId?: string;
    limit: number;
  }): Promise<{ rows: InFlightRow[]; counts: Record<InFlightState, number>; isComplete: boolean }>;
  /** An occurrence with its payload; null if it is not in flight or cannot be read. */
  instance(key: string): Promise<Pick<InFlightRow, "schedule" | "effectiveMs" | "actor" | "attempts"> | null>;
  /** These occurrences by key; omits occurrences that are not instances or cannot be read. */
  inFlight(keys: readonly string[]): Promise<Map<string, InFlight>>;
  /** The subset of the keys whose occurrences are instances, such as leased, held, manual or caught-up occurrences. */
  instances(keys: readonly string[]): Promise<Set<string>>;
}
