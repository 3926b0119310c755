import { FIELD_LABELS } from "~/components/forms/field-labels";
import {
  CATCH_UP_WORDS,
  DST_GAP_WORDS,
  DST_OVERLAP_WORDS,
  jitterInWords,
  secondsInWords,
  UNSET_WORDS,
  zoneInWords,
} from "~/components/schedules/definition-words";
import { type DisplayZone, formatZoned } from "~/components/ui/format";
import { ownershipOf } from "~/server/domain/as-code/ownership";

/** A changed field of an audit entry, as text. `before` or `after` is null if the field did not exist. */
export interface FieldDiff {
  field: string;
  label: string;
  before: string | null;
  after: string | null;
}

/** The fields that differ between the two sides of an entry, in stored order. Omits new fields that are empty. */
export function fieldDiffs(before: unknown, after: unknown): FieldDiff[] {
  const left = recordOf(before);
  const right = recordOf(after);
  const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return fields
    .filter((field) => field in left || !isEmpty(right[field]))
    .map((field) => ({
      field,
      label: labelOf(field),
      before: field in left ? inWords(field, left[field]) : null,
      after: field in right ? inWords(field, right[field]) : null,
    }))
    .filter((one) => one.before !== one.after);
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** The form's field for each part of the catch-up policy. */
const CATCH_UP_FIELDS: Readonly<Record<string, string>> = {
  policy: "catchUpPolicy",
  windowSeconds: "catchUpWindowSeconds",
  maxRuns: "catchUpMaxRuns",
};

function recordOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) return { value };
  return Object.fromEntries(Object.entries(value).flatMap(([field, inner]) => partsOf(field, inner)));
}

function partsOf(field: string, value: unknown): [field: string, value: unknown][] {
  if (field === "sourceId") return documentParts(value) ?? [[field, value]];
  if (field !== "catchUp" || typeof value !== "object" || value === null) return [[field, value]];
  return Object.entries(value).map(([part, inner]) => [CATCH_UP_FIELDS[part] ?? `catchUp ${part}`, inner]);
}

/** The document in the source id of a schedule as code; null for any other source id. */
function documentParts(sourceId: unknown): [field: string, value: unknown][] | null {
  const ownership = typeof sourceId === "string" ? ownershipOf({ source: "code", sourceId }) : null;
  if (ownership === null) return null;
  const { owner, isEdited, repository, file, commit } = ownership;
  return Object.entries({ document: owner, isEdited, repository, file, commit });
}

/** Labels of fields that the form does not have, or has under another name. */
const LABELS: Readonly<Record<string, string>> = {
  payload: FIELD_LABELS.body,
  missed: "Missed runs",
  isEdited: "Edited by hand",
};

const labelOf = (field: string) =>
  LABELS[field] ?? FIELD_LABELS[field as keyof typeof FIELD_LABELS] ?? fieldLabel(field);

/** A value in the words of the schedule form. */
function inWords(field: string, value: unknown): string {
  switch (field) {
    case "catchUpPolicy":
    case "missed":
      return wordOf(CATCH_UP_WORDS, value);
    case "dstGap":
      return wordOf(DST_GAP_WORDS, value);
    case "dstOverlap":
      return wordOf(DST_OVERLAP_WORDS, value);
    case "jitterSeconds":
      return typeof value === "number" ? jitterInWords(value) : textOf(value);
    case "catchUpWindowSeconds":
    case "retryDelaySeconds":
    case "maxDelaySeconds":
      return typeof value === "number" ? secondsInWords(value) : textOf(value);
    case "timezone":
      return typeof value === "string" ? zoneInWords(value) : textOf(value);
    case "maxRuns":
      return value === null ? UNSET_WORDS.maxRuns : textOf(value);
    case "startAt":
      return value === null ? UNSET_WORDS.startAt : isoOrText(value);
    case "endAt":
      return value === null ? UNSET_WORDS.endAt : isoOrText(value);
    case "executionTime":
    case "pausedAt":
    case "pausedUntil":
      return isoOrText(value);
    default:
      return TIME_FIELD.test(field) ? isoOrText(value) : textOf(value);
  }
}

const wordOf = (words: Readonly<Record<string, string>>, code: unknown) =>
  (typeof code === "string" ? words[code] : undefined) ?? textOf(code);

/** The end of the names of fields whose number is a time: `plannedSince`, `nextRunAt`. */
const TIME_FIELD = /(?:At|Since|Until|Time)$/;

/** Entries of edits store times as epoch ms, other entries as ISO text. */
const isoOrText = (value: unknown) => (typeof value === "number" ? new Date(value).toISOString() : textOf(value));

const NOTHING = "none";

function textOf(value: unknown): string {
  if (isEmpty(value)) return NOTHING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A UTC time in ISO 8601 as a time in the display zone, with the zone. Other text is returned unchanged. */
export function timeInWords(text: string, display: DisplayZone): string {
  return ISO_TIME.test(text) ? formatZoned(Date.parse(text), display) : text;
}

/** "cronExpression" and "cron_expression" as "Cron expression". */
export function fieldLabel(field: string): string {
  const words = field
    .replaceAll("_", " ")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .trim();
  return words === "" ? field : words.charAt(0).toUpperCase() + words.slice(1);
}
