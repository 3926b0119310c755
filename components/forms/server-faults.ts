import { faultSentence } from "~/components/trpc/app-error";
import type { FieldFault } from "~/server/domain/errors";
import { FIELD_LABELS } from "./field-labels";
import type { ScheduleFormValues } from "./schedule-form-model";

/** Wire names whose form field has another name. */
const RENAMED: Record<string, keyof ScheduleFormValues> = {
  payload: "body",
  scheduled_at: "executionTime",
  event_type: "entityType",
  event_action: "action",
  "catch_up.policy": "catchUpPolicy",
  "catch_up.window_seconds": "catchUpWindowSeconds",
  "catch_up.max_runs": "catchUpMaxRuns",
};

/** The form field that shows a server error; null if the form has none. `field` is a dotted wire name. */
export function formFieldOf(field: string): keyof ScheduleFormValues | null {
  const bare = field.replace(/^(patch|replace)\./, "");
  const renamed = RENAMED[bare];
  if (renamed) return renamed;
  const head = bare.split(/[.[]/)[0] ?? "";
  const name = RENAMED[head] ?? head.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return name in FIELD_LABELS ? (name as keyof ScheduleFormValues) : null;
}

/** The faults that no field of the form shows. */
export const otherFaults = (faults: readonly FieldFault[]): FieldFault[] =>
  faults.filter(({ field }) => formFieldOf(field) === null);

/** A field error as a sentence. An error inside the payload begins with its path, without the expectation. */
export function faultText(fault: FieldFault): string {
  return /^payload[.[]/.test(fault.field) ? `${fault.field}: ${fault.message}` : faultSentence(fault);
}
