import type { SchedulesClient } from "../client.js";

/** A time: ISO 8601 with a zone, epoch milliseconds, or a `Date`. */
export type Time = string | number | Date;

export interface TestSchedulerOptions {
  /** The first time of the virtual clock; the current time by default. */
  now?: Time;
  /** The time zone of schedules that name none; `UTC` by default, as in a new installation. */
  timezone?: string;
}

/** A published event. Names and times are those of the REST API. */
export interface FiredEvent {
  /** When the event was published, by the virtual clock. */
  at: string;
  /** The planned time. Jitter, or a pause, makes `at` later. */
  scheduled_for: string;
  trigger: "schedule" | "catch_up" | "manual";
  schedule_id: string;
  name: string | null;
  /** The id of the execution, and of the event. */
  execution_id: string;
  /** The number of the attempt that succeeded, from 1. */
  attempt: number;
  topic: string;
  entity_type: string;
  entity_id: string | null;
  action: string;
  priority: number;
  payload: unknown;
  /** The message as a consumer of the topic receives it. */
  message: { key: string | null; value: string; headers: Record<string, string> };
}

/** An occurrence that was not published. */
export interface UnfiredOccurrence {
  scheduled_for: string;
  schedule_id: string;
  name: string | null;
  topic: string;
  execution_id: string;
  /** `dead`: publishing failed until no retry was left, so it is a dead letter. */
  outcome: "skipped" | "cancelled" | "expired" | "dead";
  /** Such as `paused`, `dst_gap`, `catch_up_policy`, `schedule_ended`, `deleted`, `max_delay` or `retries_used_up`. */
  reason: string;
  note: string | null;
  /** The number of attempts, all of which failed. */
  attempts: number;
  /** The failure of the last attempt. */
  error: string | null;
  error_class: string | null;
}

/** How publishing fails. */
export interface PublishFault {
  /** Only events of this topic; of all topics by default. */
  topic?: string;
  /** Only events of the schedule with this name. */
  name?: string;
  /** How many attempts fail; by default all until the end of the fault. */
  times?: number;
  /** `publish` by default. An attempt with `bad_payload` is not repeated. */
  error_class?: "publish" | "broker_connection" | "bad_payload";
  message?: string;
}

/** An attempt to publish that failed. */
export interface FailedAttempt {
  at: string;
  scheduled_for: string;
  schedule_id: string;
  name: string | null;
  execution_id: string;
  topic: string;
  /** From 1. */
  attempt: number;
  error: string;
  error_class: string;
  /** The time of the next attempt; null if the execution is dead. */
  retry_at: string | null;
}

/** Which events to return. All given fields must be equal. */
export type EventFilter = Partial<Pick<FiredEvent, "topic" | "name" | "schedule_id" | "action" | "trigger">>;

export type UnfiredFilter = Partial<Pick<UnfiredOccurrence, "topic" | "name" | "schedule_id" | "outcome" | "reason">>;

/** An event that a test expects: its time, or some of its fields. Times may have any offset. */
export type ExpectedEvent =
  | Time
  | (Partial<Omit<FiredEvent, "at" | "scheduled_for">> & { at?: Time; scheduled_for?: Time });

type ScheduleCalls = Pick<
  SchedulesClient["schedules"],
  "create" | "get" | "list" | "update" | "delete" | "pause" | "resume" | "runNow" | "preview"
>;

/**
 * An installation in memory with a virtual clock. Its calls have the arguments, answers and errors of those of
 * `createSchedulesClient`, so code that takes a client can be tested with it.
 */
export interface TestScheduler
  extends Pick<SchedulesClient, "scheduleEvent" | "publish" | "publishWithDelay" | "cancelEvent"> {
  schedules: ScheduleCalls;
  /** The time of the virtual clock, which stands still between the calls. */
  now(): Date;
  /** Moves the clock to a time, and returns the events that were published until then. */
  advanceTo(time: Time): FiredEvent[];
  /** Moves the clock from event to event until one meets the condition, and returns the events up to it. */
  runUntil(condition: (event: FiredEvent) => boolean, limit?: { before?: Time }): FiredEvent[];
  /** All published events, oldest first; of one instant, those of a higher priority first. */
  fired(filter?: EventFilter): FiredEvent[];
  /** All occurrences that were decided without an event, such as those of a pause, in the order of their decision. */
  unfired(filter?: UnfiredFilter): UnfiredOccurrence[];
  /**
   * Makes publishing fail from now on, as during an outage of the bus, and returns a function that ends it. Executions
   * are repeated as in an installation, each time after the longest delay that is possible. Breakers are left out.
   */
  failPublishing(fault?: PublishFault): () => void;
  /** All attempts that failed, oldest first. */
  failedAttempts(filter?: Pick<EventFilter, "topic" | "name" | "schedule_id">): FailedAttempt[];
  /** Throws an error that lists the differences unless exactly these events were published, in this order. */
  expectFired(expected: readonly ExpectedEvent[], filter?: EventFilter): void;
}

/** Creates an empty installation. @throws SchedulesError for an option that is not valid */
export declare function createTestScheduler(options?: TestSchedulerOptions): TestScheduler;
