import { fieldError } from "~/server/domain/errors";

/** Returns the value of a field that has an older alias. Throws `validation_failed` if both are given and differ. */
export function valueOfEitherName<V>(field: {
  name: string;
  value: V;
  older: string;
  other: V;
}): NonNullable<V> | undefined {
  const { name, value, older, other } = field;
  if (value != null && other != null && value !== other) {
    throw fieldError("validation_failed", {
      field: older,
      message: `is an older name of ${name} and has a different value`,
      expected: "only one of the two, or the same value in both",
    });
  }
  return value ?? other ?? undefined;
}

/** Resolves entity type and action from their current names and older aliases. */
export function eventNames(input: { entityType?: string; eventType?: string; action?: string; eventAction?: string }): {
  entityType: string | undefined;
  action: string | undefined;
} {
  const { entityType, eventType, action, eventAction } = input;
  return {
    entityType: valueOfEitherName({ name: "entity_type", value: entityType, older: "event_type", other: eventType }),
    action: valueOfEitherName({ name: "action", value: action, older: "event_action", other: eventAction }),
  };
}
