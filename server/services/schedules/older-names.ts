import { fieldError } from "~/server/domain/errors";

/**
 * The one value of a field that has an older name as well. Throws `validation_failed` for two that differ: one would be
 * ignored.
 */
export function eitherName<V>(given: { name: string; value: V; older: string; other: V }): NonNullable<V> | undefined {
  const { name, value, older, other } = given;
  if (value != null && other != null && value !== other) {
    throw fieldError("validation_failed", {
      field: older,
      message: `is another than that of ${name}, which means the same`,
      expected: "one of the two, or the same value",
    });
  }
  return value ?? other ?? undefined;
}

/** The pair that an event is named by, under its newer or its older names. */
export function eventNames(given: { entityType?: string; eventType?: string; action?: string; eventAction?: string }): {
  entityType: string | undefined;
  action: string | undefined;
} {
  const { entityType, eventType, action, eventAction } = given;
  return {
    entityType: eitherName({ name: "entity_type", value: entityType, older: "event_type", other: eventType }),
    action: eitherName({ name: "action", value: action, older: "event_action", other: eventAction }),
  };
}
