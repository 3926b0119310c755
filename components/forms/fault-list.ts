import { FIELD_LABELS } from "./field-labels";
import type { ScheduleFormValues } from "./schedule-form-model";

export interface FormFault {
  field: keyof ScheduleFormValues;
  label: string;
  message: string;
}

/** One fault for each field with errors, in the order of the form. `errors` may be nested. */
export function faultList(errors: Readonly<Record<string, unknown>>): FormFault[] {
  return (Object.keys(FIELD_LABELS) as (keyof ScheduleFormValues)[]).flatMap((field) => {
    const message = firstMessage(errors[field]);
    return message === null ? [] : [{ field, label: FIELD_LABELS[field], message }];
  });
}

function firstMessage(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  if ("message" in error && typeof error.message === "string" && error.message !== "") return error.message;
  // `ref` is a DOM element, and `types` repeats the messages of the error.
  const nested = Object.entries(error).filter(([key]) => key !== "ref" && key !== "types");
  return nested.map(([, value]) => firstMessage(value)).find((message) => message !== null) ?? null;
}
