import type { InstanceInput } from "~/server/domain/changes/change";
import type { Attempt, Trigger } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "./answers";

/** An instance that waits or runs. */
export interface InFlight {
  attempts: Attempt[];
  /** Held, because the breaker of its topic is open. */
  isHeld: boolean;
  /** When it is due, epoch ms; null while a worker has it, and while it is held. */
  dueAtMs: number | null;
}

/** Occurrences beside the plan. */
export interface HotInstances {
  /**
   * Adds an occurrence beside the plan; the schedule may be long-term, paused or deleted. Returns false if the key
   * exists. If `schedule` is an older version, pass the current one as `versionNow`: the catalogue keeps the newer.
   */
  enqueue(input: { schedule: Schedule; instance: InstanceInput; versionNow?: number }): Promise<boolean>;
  /** As `enqueue`, and stores the answer to an idempotency key if the occurrence was added. `answered`: key known. */
  enqueueOnce(input: {
    schedule: Schedule;
    instance: InstanceInput;
    versionNow?: number;
    answer: KeptAnswer;
  }): Promise<{ status: "added" | "present" } | { status: "answered"; answer: string }>;
  /** Instances that wait or run, for the page of running occurrences. */
  running(input: { limit: number }): Promise<
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
  /** The state of these occurrences, by key; those that are no instances are omitted. */
  inFlight(keys: readonly string[]): Promise<Map<string, InFlight>>;
  /** Which of these occurrences are instances: leased, waiting for a retry, held, or to be caught up. */
  instances(keys: readonly string[]): Promise<Set<string>>;
}
