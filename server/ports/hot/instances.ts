import type { InstanceInput } from "~/server/domain/changes/change";
import type { Attempt, Trigger } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "./answers";

/** Occurrences beside the plan. */
export interface HotInstances {
  /**
   * Run beside the plan; the schedule may be far, paused or deleted. Idempotent by key: false when the key is there
   * already. Where `schedule` is an older version than the one in force, `versionNow` is that: the catalogue keeps the
   * newer.
   */
  enqueue(input: { schedule: Schedule; instance: InstanceInput; versionNow?: number }): Promise<boolean>;
  /**
   * The same under an idempotency key, whose answer is kept if the occurrence is added. A key that was used before adds
   * nothing: `answered`.
   */
  enqueueOnce(input: {
    schedule: Schedule;
    instance: InstanceInput;
    versionNow?: number;
    answer: KeptAnswer;
  }): Promise<{ status: "added" | "present" } | { status: "answered"; answer: string }>;
  /** Instances of one schedule that wait or run: for its page. */
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
  /**
   * Which of these occurrences stand in Redis apart from their schedule: leased, waiting for a retry, held, or to be
   * caught up.
   */
  instances(keys: readonly string[]): Promise<Set<string>>;
}
