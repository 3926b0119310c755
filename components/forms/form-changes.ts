import {
  CATCH_UP_WORDS,
  DST_GAP_WORDS,
  DST_OVERLAP_WORDS,
  jitterInWords,
  secondsInWords,
  UNSET_WORDS,
  zoneInWords,
} from "~/components/schedules/definition-words";
import { type DisplayZone, formatZoned, NO_VALUE } from "~/components/ui/format";
import { FIELD_LABELS } from "./field-labels";
import type { ScheduleFormValues } from "./schedule-form-model";

interface FieldChange {
  field: keyof ScheduleFormValues;
  label: string;
  before: string;
  after: string;
}

/** The fields that differ between two forms, in form order. */
export function changedFields(before: ScheduleFormValues, after: ScheduleFormValues): (keyof ScheduleFormValues)[] {
  return (Object.keys(FIELD_LABELS) as (keyof ScheduleFormValues)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
}

/** The differences between two forms, in words and in form order. Times are in the display zone, with the zone. */
export function changesOf(before: ScheduleFormValues, after: ScheduleFormValues, display: DisplayZone): FieldChange[] {
  const shown = (field: keyof ScheduleFormValues, values: ScheduleFormValues) => inWords(field, values, display);
  return changedFields(before, after).map((field) => ({
    field,
    label: FIELD_LABELS[field],
    before: shown(field, before),
    after: shown(field, after),
  }));
}

function inWords(field: keyof ScheduleFormValues, values: ScheduleFormValues, display: DisplayZone): string {
  switch (field) {
    case "enabled":
      return values.enabled ? "yes" : "no";
    case "kind":
      return values.kind === "recurring" ? "Recurring" : "One-time";
    case "timezone":
      return zoneInWords(values.timezone);
    case "executionTime":
      return time(values.executionTime, display) ?? NO_VALUE;
    case "startAt":
      return time(values.startAt, display) ?? UNSET_WORDS.startAt;
    case "endAt":
      return time(values.endAt, display) ?? UNSET_WORDS.endAt;
    case "maxRuns":
      return values.maxRuns === null ? UNSET_WORDS.maxRuns : String(values.maxRuns);
    case "dstGap":
      return DST_GAP_WORDS[values.dstGap];
    case "dstOverlap":
      return DST_OVERLAP_WORDS[values.dstOverlap];
    case "catchUpPolicy":
      return CATCH_UP_WORDS[values.catchUpPolicy];
    case "jitterSeconds":
      return values.jitterSeconds === null ? NO_VALUE : jitterInWords(values.jitterSeconds);
    case "retryDelaySeconds":
    case "maxDelaySeconds":
    case "catchUpWindowSeconds": {
      const seconds = values[field];
      return seconds === null ? NO_VALUE : secondsInWords(seconds);
    }
    case "tags":
      return values.tags.join(", ") || NO_VALUE;
    case "headers":
      return values.headers.map(({ name, value }) => `${name}: ${value}`).join("\n") || NO_VALUE;
    default:
      return String(values[field] ?? "") || NO_VALUE;
  }
}

function time(value: string | null, display: DisplayZone): string | null {
  const epochMs = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(epochMs) ? null : formatZoned(epochMs, display);
}
