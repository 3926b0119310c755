import { isDataFault } from "../data-fault";
import { effectiveTime } from "../jitter";
import { oneTimeOccurrence } from "../ledger";
import { isRecurring, recurrenceOf } from "../plan";
import {
  nextOccurrence,
  type Occurrence,
  occurrences,
  previousOccurrence,
  skippedByDst,
  wantedInGap,
} from "../recurrence";
import type { Schedule } from "../schedule";
import type { DstEffect } from "./explanation";
import type { Question, Span } from "./question";

/** Maximum number of answers to a question: one minute of a schedule that fires every second. */
export const MAX_OCCURRENCES = 60;

/** An occurrence of a definition at the requested time. `isPlanned` is false if `dst_gap: skip` omits it. */
export interface Candidate {
  nominalMs: number;
  effectiveMs: number;
  dst: DstEffect | null;
  isPlanned: boolean;
}

type Recurring = Schedule & { cronExpression: string };

const within = ({ fromMs, untilMs }: Span, ms: number) => ms >= fromMs && ms < untilMs;

/**
 * The occurrences of a definition whose nominal or effective time is in the question's spans, or whose local time is
 * in its gap, oldest first. Returns none for an invalid cron or time zone.
 */
export function candidatesOf(definition: Schedule, question: Question): Candidate[] {
  try {
    const found = isRecurring(definition) ? recurringAt(definition, question) : onceAt(definition, question);
    return found.slice(0, MAX_OCCURRENCES);
  } catch (error) {
    if (isDataFault(error)) return [];
    throw error;
  }
}

function onceAt(definition: Schedule, { spans }: Question): Candidate[] {
  if (definition.executionTime === null) return [];
  const { nominalMs, effectiveMs } = oneTimeOccurrence(definition, definition.executionTime);
  const isRequested = spans.some((span) => within(span, nominalMs) || within(span, effectiveMs));
  return isRequested ? [{ nominalMs, effectiveMs, dst: null, isPlanned: true }] : [];
}

function recurringAt(definition: Recurring, { spans, gap }: Question): Candidate[] {
  const spec = recurrenceOf(definition);
  if (gap !== null) {
    const found = wantedInGap(spec, gap).map((one) => candidate(definition, one));
    // With `first_valid`, all times of a gap move to the same instant.
    return found.filter((one, index) => one.nominalMs !== found[index - 1]?.nominalMs);
  }
  return spans.flatMap((span) => {
    // Jitter never reaches the next nominal time, so only the last occurrence before the span can be due in the span.
    const before = definition.jitterSeconds > 0 ? previousOccurrence(spec, span.fromMs) : null;
    const range = { afterMs: span.fromMs - 1, untilMs: span.untilMs - 1, limit: MAX_OCCURRENCES };
    const planned = [...(before ? [before] : []), ...occurrences(spec, range)].map((one) => candidate(definition, one));
    const skipped = skippedByDst(spec, range).map((one) => candidate(definition, one));
    return [...planned, ...skipped]
      .filter((one) => within(span, one.nominalMs) || within(span, one.effectiveMs))
      .sort((a, b) => a.nominalMs - b.nominalMs);
  });
}

function candidate(definition: Recurring, occurrence: Occurrence): Candidate {
  const { nominalMs, wallMs, note } = occurrence;
  const { scheduleId, jitterSeconds } = definition;
  const nextNominalMs =
    jitterSeconds > 0 ? (nextOccurrence(recurrenceOf(definition), nominalMs)?.nominalMs ?? null) : null;
  const isPlanned = note !== "dst_gap_skipped";
  return {
    nominalMs,
    effectiveMs: isPlanned ? effectiveTime({ scheduleId, nominalMs, jitterSeconds, nextNominalMs }) : nominalMs,
    dst: note === null ? null : { kind: note.slice("dst_".length) as DstEffect["kind"], localTime: localText(wallMs) },
    isPlanned,
  };
}

/** Formats a local time without an offset. `wallMs` is the local time as if it were UTC, epoch ms. */
export const localText = (wallMs: number) => new Date(wallMs).toISOString().slice(0, 19);

/** The planned nominal times before and after a span, for a cron after its creation. ISO 8601; null for none. */
export function plannedAround(definition: Schedule, span: Span): { previous: string | null; next: string | null } {
  const isoOf = (ms: number | null | undefined) => (ms == null ? null : new Date(ms).toISOString());
  if (!isRecurring(definition)) {
    const { executionTime } = definition;
    const isBefore = executionTime !== null && executionTime < span.fromMs;
    return { previous: isBefore ? isoOf(executionTime) : null, next: isBefore ? null : isoOf(executionTime) };
  }
  try {
    const spec = recurrenceOf(definition);
    const next = nextOccurrence(spec, Math.max(span.untilMs - 1, definition.createdAt));
    const previous = previousOccurrence(spec, span.fromMs);
    const isAfterCreation = previous !== null && previous.nominalMs > definition.createdAt;
    return { previous: isAfterCreation ? isoOf(previous.nominalMs) : null, next: isoOf(next?.nominalMs) };
  } catch (error) {
    if (isDataFault(error)) return { previous: null, next: null };
    throw error;
  }
}
