import type { SchedulesClient } from "../client.js";

/** A time: ISO 8601 with a zone, an epoch in seconds or milliseconds, or a `Date`. */
export type Time = string | number | Date;

export interface TestSchedulerOptions {
  /** The time at which the virtual clock starts; by default the current time. */
  now?: Time;
  /** The time zone of schedules without one; `UTC` by default, as in a new installation. */
  timezone?: string;
}

/** A published event. Names and times are those of the REST API. */
export interface FiredEvent {
  /** When the event was published, in virtual time. */
  at: string;
  /** The planned time. `at` may be later, for example because of jitter, a pause or a retry. */
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
  /** `dead`: publishing failed and is not tried again, so the occurrence is a dead letter. */
  outcome: "skipped" | "cancelled" | "expired" | "dead";
  /** Such as `paused`, `dst_gap`, `catch_up_policy`, `schedule_ended`, `deleted`, `max_delay` or `retries_used_up`. */
  reason: string;
  note: string | null;
  /** The number of failed attempts. */
  attempts: number;
  /** The error of the last attempt of a dead letter; otherwise null. */
  error: string | null;
  error_class: string | null;
}

/** Which attempts to publish fail, and how. */
export interface PublishFault {
  /** Only events of this topic; by default events of all topics. */
  topic?: string;
  /** Only events of the schedule with this name. */
  name?: string;
  /** How many attempts fail; by default all until the fault is removed. */
  times?: number;
  /** `publish` by default. `bad_payload` is not retried. */
  error_class?: "publish" | "broker_connection" | "bad_payload";
  message?: string;
}

/** A failed attempt to publish. */
export interface FailedAttempt {
  at: string;
  scheduled_for: string;
  schedule_id: string;
  name: string | null;
  execution_id: string;
  topic: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  error: string;
  error_class: string;
  /** The time of the next attempt; null if there is none. */
  retry_at: string | null;
}

/** Selects the events that have all given values. */
export type EventFilter = Partial<Pick<FiredEvent, "topic" | "name" | "schedule_id" | "action" | "trigger">>;

export type UnfiredFilter = Partial<Pick<UnfiredOccurrence, "topic" | "name" | "schedule_id" | "outcome" | "reason">>;

/** An expected event: its time, or the fields to compare. Times may have any offset. */
export type ExpectedEvent =
  | Time
  | (Partial<Omit<FiredEvent, "at" | "scheduled_for">> & { at?: Time; scheduled_for?: Time });

type ScheduleCalls = Pick<
  SchedulesClient["schedules"],
  "create" | "get" | "list" | "update" | "delete" | "pause" | "resume" | "runNow" | "preview"
>;

/**
 * An installation in memory with a virtual clock. Its calls have the same arguments, answers and errors as those of
 * `createSchedulesClient`, so tests can pass it to code that uses only these calls of a client. Abort signals have no
 * effect.
 */
export interface TestScheduler
  extends Pick<SchedulesClient, "scheduleEvent" | "publish" | "publishWithDelay" | "cancelEvent"> {
  schedules: ScheduleCalls;
  /** The time of the virtual clock. Only `advanceTo` and `runUntil` move it. */
  now(): Date;
  /**
   * Moves the clock to a time, and returns the events that were published on the way. Throws after 100,000 decisions
   * (published events, failed attempts, other outcomes and ends of pauses); then advance in shorter spans.
   */
  advanceTo(time: Time): FiredEvent[];
  /**
   * Moves the clock until a published event meets the condition, and returns the events up to it. Throws if no event
   * meets it by `before` (by default 366 days from now), or after 100,000 decisions.
   */
  runUntil(condition: (event: FiredEvent) => boolean, limit?: { before?: Time }): FiredEvent[];
  /**
   * All published events, oldest first. Of the events that one call publishes at one instant, those with a higher
   * priority come first, and caught-up events last.
   */
  fired(filter?: EventFilter): FiredEvent[];
  /** All occurrences that ended without an event, such as those of a pause, in the order in which they ended. */
  unfired(filter?: UnfiredFilter): UnfiredOccurrence[];
  /**
   * Makes publishing fail from now on, as during an outage of the bus, and returns a function that ends the fault.
   * Failed executions are retried as in an installation, always after the longest possible delay, but there are no
   * breakers.
   */
  failPublishing(fault?: PublishFault): () => void;
  /** All failed attempts, oldest first. */
  failedAttempts(filter?: Pick<EventFilter, "topic" | "name" | "schedule_id">): FailedAttempt[];
  /** Throws an error that lists both sides unless exactly these events were published, in this order. */
  expectFired(expected: readonly ExpectedEvent[], filter?: EventFilter): void;
}

/** Creates an empty installation. @throws SchedulesError if an option is invalid */
export declare function createTestScheduler(options?: TestSchedulerOptions): TestScheduler;
