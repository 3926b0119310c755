import { fieldError } from "~/server/domain/errors";

/** Returns the value of a field that has an older name. Throws `validation_failed` if both are given and differ. */
export function valueOfEitherName<V>(field: {
  name: string;
  value: V;
  olderName: string;
  olderValue: V;
}): NonNullable<V> | undefined {
  const { name, value, olderName, olderValue } = field;
  if (value != null && olderValue != null && value !== olderValue) {
    throw fieldError("validation_failed", {
      field: olderName,
      message: `is an older name of ${name} and has a different value`,
      expected: "only one of the two, or the same value in both",
    });
  }
  return value ?? olderValue ?? undefined;
}

export function eventNames(input: { entityType?: string; eventType?: string; action?: string; eventAction?: string }): {
  entityType: string | undefined;
  action: string | undefined;
} {
  const { entityType, eventType, action, eventAction } = input;
  return {
    entityType: valueOfEitherName({
      name: "entity_type",
      value: entityType,
      olderName: "event_type",
      olderValue: eventType,
    }),
    action: valueOfEitherName({ name: "action", value: action, olderName: "event_action", olderValue: eventAction }),
  };
}
