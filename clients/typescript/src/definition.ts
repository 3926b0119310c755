import type { DelayedEvent, ScheduleDefinition } from "./client.js";

/** The definition of a schedule that publishes an event once. */
export function definitionOf(event: DelayedEvent, executionTime: string): ScheduleDefinition {
  return {
    topic: event.topic,
    entity_type: event.entityType,
    action: event.action,
    execution_time: executionTime,
    ...(event.payload === undefined ? {} : { payload: event.payload }),
    ...(event.body === undefined ? {} : { body: event.body }),
    ...(event.priority === undefined ? {} : { priority: event.priority }),
    ...(event.entityId === undefined ? {} : { entity_id: event.entityId }),
    ...(event.correlationId === undefined ? {} : { correlation_id: event.correlationId }),
    ...(event.headers === undefined ? {} : { headers: event.headers }),
  };
}

export const isoOf = <T extends Date | string | undefined>(at: T) =>
  (at instanceof Date ? at.toISOString() : at) as T extends undefined ? string | undefined : string;
