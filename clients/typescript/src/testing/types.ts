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
  outcome: "skipped" | "cancelled" | "expired";
  /** Such as `paused`, `dst_gap`, `catch_up_policy`, `schedule_ended`, `deleted` or `max_delay`. */
  reason: string;
  note: string | null;
}

/** Which events to return. All given fields must be equal. */
export type EventFilter = Partial<Pick<FiredEvent, "topic" | "name" | "schedule_id" | "action" | "trigger">>;

/** An event that a test expects: its time, or some of its fields. Times may have any offset. */
export type ExpectedEvent =
  | Time
  | (Partial<Omit<FiredEvent, "at" | "scheduled_for">> & { at?: Time; scheduled_for?: Time });

type ScheduleCalls = Pick<
  SchedulesClient["schedules"],
  "create" | "get" | "update" | "delete" | "pause" | "resume" | "runNow"
>;

/**
 * An installation in memory with a virtual clock. Its calls have the arguments, answers and errors of those of
 * `createSchedulesClient`, so code that takes a client can be tested with it.
 */
export interface TestScheduler extends Pick<SchedulesClient, "scheduleEvent" | "publishWithDelay" | "cancelEvent"> {
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
  unfired(filter?: Pick<EventFilter, "topic" | "name" | "schedule_id">): UnfiredOccurrence[];
  /** Throws an error that lists the differences unless exactly these events were published, in this order. */
  expectFired(expected: readonly ExpectedEvent[], filter?: EventFilter): void;
}

/** Creates an empty installation. @throws SchedulesError for an option that is not valid */
export declare function createTestScheduler(options?: TestSchedulerOptions): TestScheduler;
