import type { ScheduleDefinition } from "./client.js";

interface EventContent {
  payload?: Record<string, unknown>;
  /** Instead of `payload`: a JSON object as text, which is published unchanged. */
  body?: string;
  entityId?: string;
  correlationId?: string;
  headers?: Record<string, string>;
  /** From 0 to 9. Of due events, those with a higher priority are published first. */
  priority?: number;
}

/** An event that is published once. */
export interface DelayedEvent extends EventContent {
  topic: string;
  entityType: string;
  action: string;
}

interface NamedContent extends EventContent {
  /** No other schedule may have this name. */
  name: string;
  event: { topic?: string; entityType: string; action: string };
  /** The time zone of the cron expression; by default the setting TIMEZONE. */
  timezone?: string;
  description?: string;
  tags?: string[];
}

/** A named schedule, which runs either once at `executionTime` or by `cronExpression`. */
export type NamedEvent = NamedContent &
  ({ executionTime: Date | string; cronExpression?: never } | { cronExpression: string; executionTime?: never });

/** The definition of a schedule that publishes an event once. */
export function definitionOf(event: DelayedEvent, executionTime: string): ScheduleDefinition {
  const { topic, entityType, action } = event;
  return { topic, entity_type: entityType, action, execution_time: executionTime, ...contentOf(event) };
}

/** The definition for an argument of `scheduleEvent`. */
export function scheduledDefinition(
  event: (DelayedEvent & { scheduledAt: Date | string }) | NamedEvent,
): ScheduleDefinition {
  if (!("event" in event)) return definitionOf(event, isoOf(event.scheduledAt));
  const { name, description, tags, timezone, cronExpression, executionTime } = event;
  const { topic, entityType, action } = event.event;
  const times = { cron_expression: cronExpression, execution_time: isoOf(executionTime), timezone };
  const optional = given({ topic, description, tags, ...times });
  return { name, entity_type: entityType, action, ...optional, ...contentOf(event) };
}

function contentOf({ payload, body, entityId, correlationId, headers, priority }: EventContent): ScheduleDefinition {
  return given({ payload, body, priority, entity_id: entityId, correlation_id: correlationId, headers });
}

/** The fields that are not undefined. */
function given<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

export const isoOf = <T extends Date | string | undefined>(at: T) =>
  (at instanceof Date ? at.toISOString() : at) as T extends undefined ? string | undefined : string;
