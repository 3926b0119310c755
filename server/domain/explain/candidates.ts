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

/** One answer has at most so many occurrences: those of a minute of every second. */
export const MOST_OCCURRENCES = 60;

/** An occurrence that a definition has at the time asked for; one that `dst_gap: skip` leaves out is not planned. */
export interface Candidate {
  nominalMs: number;
  effectiveMs: number;
  dst: DstEffect | null;
  isPlanned: boolean;
}

type Recurring = Schedule & { cronExpression: string };

const within = ({ fromMs, untilMs }: Span, ms: number) => ms >= fromMs && ms < untilMs;

/**
 * The occurrences of a definition whose nominal or effective time is asked for, oldest first. None for a cron that
 * cannot be read.
 */
export function candidatesOf(definition: Schedule, question: Question): Candidate[] {
  try {
    const found = isRecurring(definition) ? recurringAt(definition, question) : onceAt(definition, question);
    return found.slice(0, MOST_OCCURRENCES);
  } catch (error) {
    if (isDataFault(error)) return [];
    throw error;
  }
}

function onceAt(definition: Schedule, { spans }: Question): Candidate[] {
  if (definition.executionTime === null) return [];
  const { nominalMs, effectiveMs } = oneTimeOccurrence(definition, definition.executionTime);
  const isAsked = spans.some((span) => within(span, nominalMs) || within(span, effectiveMs));
  return isAsked ? [{ nominalMs, effectiveMs, dst: null, isPlanned: true }] : [];
}

function recurringAt(definition: Recurring, { spans, gap }: Question): Candidate[] {
  const spec = recurrenceOf(definition);
  if (gap !== null) {
    const found = wantedInGap(spec, gap).map((one) => candidate(definition, one));
    return found.filter((one, at) => one.nominalMs !== found[at - 1]?.nominalMs);
  }
  return spans.flatMap((span) => {
    // Jitter never reaches the next nominal time, so only the last one before the span can be due in it.
    const before = definition.jitterSeconds > 0 ? previousOccurrence(spec, span.fromMs) : null;
    const range = { afterMs: span.fromMs - 1, untilMs: span.untilMs - 1, limit: MOST_OCCURRENCES };
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

/** A local time, given as if it were UTC, without an offset. */
export const localText = (wallMs: number) => new Date(wallMs).toISOString().slice(0, 19);

/** The planned nominal times before and after a time, ISO 8601; null where there is none. */
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
    const isOfIt = previous !== null && previous.nominalMs > definition.createdAt;
    return { previous: isOfIt ? isoOf(previous.nominalMs) : null, next: isoOf(next?.nominalMs) };
  } catch (error) {
    if (isDataFault(error)) return { previous: null, next: null };
    throw error;
  }
}
