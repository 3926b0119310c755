import type { ScheduleInput } from "./schedule";

/** What each field of a schedule's definition means, for descriptions of the API. Defaults are in contract §2. */
export const DEFINITION_DESCRIPTIONS = {
  name: "Unique among live schedules. None for an anonymous schedule.",
  description: "A note for people.",
  tags: "Words to find and group schedules by.",
  enabled: "Whether the schedule fires.",
  topic: "The topic to which the event is published; `stufio.events` by default.",
  entityType: "The type of the entity that the event is about; the first part of the message key.",
  entityId:
    "The entity's id; the second part of the message key. The bus stores events with the same key in publishing order.",
  action: "What is to happen.",
  eventType: "Older name of `entity_type`.",
  eventAction: "Older name of `action`.",
  actorType: "In whose name the event is published; `system` by default.",
  actorId: "The id of that actor; `scheduler` by default.",
  payload: "The data of the event, a JSON object of at most 1 MiB. It is published byte for byte.",
  body: "The payload as JSON text; at most one of `payload` and `body`.",
  headers: "Further headers of the message.",
  correlationId: "Links the event to its cause; the schedule's id by default.",
  cronExpression:
    "A cron of 5 fields, or 6 with seconds first, or a macro such as `@daily`. Exactly one of this and `execution_time`.",
  executionTime: "The time of a one-time schedule. Exactly one of this and `cron_expression`.",
  scheduledAt: "Older name of `execution_time`.",
  timezone: "The IANA time zone on whose clock the cron is read; a setting by default.",
  maxRetries: "The maximum number of attempts after the first one fails; a setting by default.",
  retryDelaySeconds: "The longest delay before the first retry. It doubles with each retry, up to 3,600 s.",
  maxDelaySeconds: "A planned occurrence that is later than this is not published.",
  priority: "0 to 9. Of due occurrences, those with a higher priority are published first.",
  startAt: "The first time at which the schedule may fire.",
  endAt: "The last time at which the schedule may fire.",
  maxRuns: "The number of planned runs after which the schedule is completed.",
  catchUp: "What to do with runs that were missed, by an outage or a pause.",
  jitterSeconds: "Delays each run by up to this long, to spread the load. All workers compute the same delay.",
  dstGap: "What a run does whose local time does not exist, because the clock was put forward.",
  dstOverlap: "When a run fires whose local time occurs twice, because the clock was put back.",
} as const satisfies Record<keyof ScheduleInput, string>;
