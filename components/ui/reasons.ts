import type { EndReason, ErrorClass } from "~/server/domain/choices";

/** `label` is the text of a badge; `text` explains an outcome such as "Dead" after its name. Both in lower case. */
export const END_REASON_WORDS = {
  paused: { label: "paused", text: "the schedule was paused" },
  catch_up_policy: { label: "catch-up policy", text: "missed, and not selected by the catch-up policy" },
  superseded_by_edit: { label: "superseded by an edit", text: "an edit replaced it" },
  dst_gap: { label: "daylight saving", text: "its local time did not exist" },
  schedule_ended: { label: "schedule ended", text: "the schedule had ended" },
  retries_used_up: { label: "retries used up", text: "retries used up" },
  max_delay: { label: "maximum delay", text: "it was later than the maximum delay" },
  bad_payload: { label: "unpublishable message", text: "unpublishable message" },
  deleted: { label: "deleted", text: "the schedule was deleted" },
} as const satisfies Record<EndReason, { label: string; text: string }>;

export const ERROR_CLASS_LABELS = {
  broker_connection: "broker connection",
  publish: "refused by the broker",
  bad_payload: "unpublishable message",
  decryption: "decryption",
} as const satisfies Record<ErrorClass, string>;

/** Another release may have written an unknown code, which is shown with spaces. */
const unknownCode = (code: string) => code.replaceAll("_", " ");

const isEndReason = (code: string): code is EndReason => Object.hasOwn(END_REASON_WORDS, code);

export function endReasonLabel(reason: string): string {
  return isEndReason(reason) ? END_REASON_WORDS[reason].label : unknownCode(reason);
}

export function endReasonText(reason: string): string {
  return isEndReason(reason) ? END_REASON_WORDS[reason].text : unknownCode(reason);
}

export function errorClassLabel(code: string): string {
  return Object.hasOwn(ERROR_CLASS_LABELS, code) ? ERROR_CLASS_LABELS[code as ErrorClass] : unknownCode(code);
}
