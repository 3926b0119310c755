import type { Breaker } from "../breaker";
import { isDataFault } from "../data-fault";
import type { Attempt, StoredExecution } from "../execution";
import { eventId, occurrenceKey } from "../ids";
import { isRecurring, recurrenceOf, runsLeft } from "../plan";
import { occurrences } from "../recurrence";
import type { Schedule } from "../schedule";
import { type Candidate, candidatesOf, localText, MAX_OCCURRENCES, plannedAround } from "./candidates";
import type { Answer, Explanation, PauseFact } from "./explanation";
import { type FiringPause, firingPauseAt } from "./firing-pauses";
import type { Question, Span } from "./question";
import { changeFact, definitionAt, editAt, type InForce, pauseBefore, type TrailEntry } from "./trail";

/** An occurrence in Redis that has left its schedule's plan. Times are epoch ms. */
export interface InFlightState {
  attempts: readonly Attempt[];
  isHeld: boolean;
  /** When the occurrence is due; null while it is claimed or held. */
  dueAtMs: number | null;
}

/** One schedule, one requested time, and the state and history around that time. */
export interface ExplainInput {
  question: Question;
  /** The current schedule, also if it is deleted. */
  schedule: Schedule;
  /** The changes of the schedule around the time, oldest first. */
  trail: readonly TrailEntry[];
  /** The ledger's rows around the time, including rows in the outbox. */
  rows: readonly StoredExecution[];
  inFlight: ReadonlyMap<string, InFlightState>;
  /** The breaker of the schedule's topic, read only if a requested occurrence is held; otherwise null. */
  breaker: Breaker | null;
  /** The pauses of all firing around the time, oldest first. */
  firingPauses: readonly FiringPause[];
  /** The watchdog's last report: `unexplained` has the first keys that its last check, up to `until`, found missing. */
  watch: { until: string; unexplained: readonly string[] } | null;
  /** Retention of the ledger, days. */
  keptDays: number;
  nowMs: number;
}

const DAY_MS = 86_400_000;
const REPLAY = ":replay:";
const isoOf = (ms: number) => new Date(ms).toISOString();
const isoOrNull = (ms: number | null) => (ms === null ? null : isoOf(ms));

/** The occurrences that the definition in force has at the requested time. */
export function requestedOccurrences(input: Pick<ExplainInput, "question" | "schedule" | "trail">): Candidate[] {
  const { question, schedule, trail } = input;
  const inForce = definitionAt(schedule, trail, question.atMs).schedule;
  // A cron fires strictly after its creation. The time of a one-time schedule may be slightly before its creation.
  const isAfterCreation = ({ nominalMs }: Candidate) => !isRecurring(inForce) || nominalMs > schedule.createdAt;
  return candidatesOf(inForce, question).filter(isAfterCreation);
}

/**
 * Explains why the schedule did, or did not, fire at the requested time. Returns an answer for each occurrence, oldest
 * first and at most `MAX_OCCURRENCES`, or one answer if there is no occurrence.
 */
export function explain(input: ExplainInput): Explanation[] {
  const { question, schedule, trail } = input;
  const inForce = definitionAt(schedule, trail, question.atMs);
  const requested = requestedOccurrences(input);
  const planned = requested.map((candidate) => explainOccurrence(input, inForce, candidate));
  const keys = new Set(requested.map((one) => occurrenceKey(schedule.scheduleId, one.nominalMs)));
  const others = input.rows
    .filter((row) => !keys.has(row.key) && !row.key.includes(REPLAY) && isRequested(question, row))
    .map((row) => explainRow(input, row, null));
  const all = [...planned, ...others].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const answers = all.length > 0 ? all.slice(0, MAX_OCCURRENCES) : [explainAbsence(input, inForce)];
  return answers.map((answer) => ({ ...answer, allPaused: firingPauseFor(input, answer) }));
}

/** Answers about an occurrence that a worker has yet to claim. A pause in force now keeps it waiting. */
const TO_BE_CLAIMED: ReadonlySet<Answer["kind"]> = new Set(["overdue", "waiting", "retrying", "held"]);

/**
 * The pause of all firing that keeps the occurrence waiting now, or else the pause when it was due. Null if there is
 * none, and for manual runs and replays, which fire during a pause.
 */
function firingPauseFor({ firingPauses, nowMs }: ExplainInput, answer: Answer): PauseFact | null {
  const isStartedByHand = "trigger" in answer && (answer.trigger === "manual" || answer.trigger === "replay");
  if (answer.effectiveAt === null || isStartedByHand) return null;
  const present = TO_BE_CLAIMED.has(answer.kind) ? firingPauseAt(firingPauses, nowMs) : null;
  const pause = present ?? firingPauseAt(firingPauses, Date.parse(answer.effectiveAt));
  // The audit entry of a resume at the planned end is written a little later.
  const hasEnded = pause !== null && pause.until !== null && Date.parse(pause.until) <= nowMs;
  return hasEnded ? { ...pause, resumedAt: pause.resumedAt ?? pause.until } : pause;
}

function isRequested({ spans }: Question, row: StoredExecution): boolean {
  const isIn = ({ fromMs, untilMs }: Span, ms: number) => ms >= fromMs && ms < untilMs;
  return spans.some((span) => isIn(span, row.scheduledFor) || isIn(span, row.effectiveAt));
}

function explainOccurrence(input: ExplainInput, inForce: InForce, candidate: Candidate): Answer {
  const { schedule, trail, nowMs } = input;
  const { nominalMs, effectiveMs, dst } = candidate;
  const key = occurrenceKey(schedule.scheduleId, nominalMs);
  const row = input.rows.find((one) => one.key === key);
  if (row !== undefined) return explainRow(input, row, dst);
  const flight = input.inFlight.get(key);
  const common = { at: isoOf(nominalMs), effectiveAt: isoOf(effectiveMs), version: inForce.version, dst };
  if (flight !== undefined) return { ...common, ...inFlight(input, key, flight) };
  const deletion = deletionOf(input);
  if (deletion !== null && deletion.atMs <= nominalMs) return { ...common, kind: "deleted", deletion: deletion.fact };
  if (!candidate.isPlanned) {
    const { next } = plannedAround(inForce.schedule, { fromMs: nominalMs, untilMs: nominalMs + 1 });
    return { ...common, kind: "dst_gap", policy: inForce.schedule.dstGap, next };
  }
  const isPast = effectiveMs <= nowMs;
  const pause = presentPause(schedule, trail);
  if (pause !== null && pauseCovers(schedule, effectiveMs)) return { ...common, kind: "paused", isPast, pause };
  const { completed, deleted } = schedule.state;
  const isOver = completed || (!isPast && isBeyondRuns(schedule, { nowMs, nominalMs }));
  if (!isPast)
    return isOver ? { ...common, kind: "completed", maxRuns: schedule.maxRuns } : { ...common, kind: "upcoming" };
  const { nextExecution } = schedule.state;
  const isInPlan = schedule.enabled && !completed && !deleted && nextExecution !== null && nextExecution <= nominalMs;
  if (isInPlan) return { ...common, kind: "overdue" };
  if (nominalMs < nowMs - input.keptDays * DAY_MS) return { ...common, kind: "no_history", keptDays: input.keptDays };
  if (completed && runsLeft(schedule, 0) === 0) return { ...common, kind: "completed", maxRuns: schedule.maxRuns };
  return { ...common, ...unknownAnswer(input, { key, isKnown: inForce.isKnown }) };
}

function explainRow(input: ExplainInput, row: StoredExecution, dst: Candidate["dst"]): Answer {
  const { trail } = input;
  const replay = input.rows
    .filter((one) => one.key.startsWith(`${row.key}${REPLAY}`))
    .reduce<StoredExecution | null>((last, one) => (last === null || one.endedAt > last.endedAt ? one : last), null);
  const recorded = {
    at: isoOf(row.scheduledFor),
    effectiveAt: isoOf(row.effectiveAt),
    version: row.scheduleVersion,
    dst,
    executionId: row.executionId,
    trigger: row.trigger,
    actor: row.actor,
    endedAt: isoOf(row.endedAt),
    latenessMs: row.latenessMs,
    attempts: row.attempts.length,
    replay: replay && { executionId: replay.executionId, outcome: replay.outcome },
  };
  const { reason, error } = row;
  switch (row.outcome) {
    case "succeeded":
      return { ...recorded, kind: "fired", firedAt: isoOf(row.firedAt ?? row.endedAt), late: row.late };
    case "dead":
      return { ...recorded, kind: "dead", reason, error };
    case "skipped": {
      const { endedAt, actor, note } = row;
      const pause = reason === "paused" ? pauseBefore(trail, { beforeMs: endedAt, actor, note }) : null;
      const edit = reason === "superseded_by_edit" ? editAt(trail, endedAt) : null;
      return { ...recorded, kind: "skipped", reason, pause, edit };
    }
    default:
      return { ...recorded, kind: row.outcome };
  }
}

type DetailsOf<T> = T extends unknown ? Omit<T, "at" | "effectiveAt" | "version" | "dst"> : never;

function inFlight({ schedule, breaker }: ExplainInput, key: string, flight: InFlightState): DetailsOf<Answer> {
  const { attempts, dueAtMs } = flight;
  const last = attempts.at(-1);
  const common = { executionId: eventId(key), attempts: attempts.length, error: last?.error ?? null };
  if (flight.isHeld) {
    const openedAt = isoOrNull(breaker?.openedAtMs ?? null);
    const nextTrialAt = isoOrNull(breaker?.nextTrialAtMs ?? null);
    return { ...common, kind: "held", topic: schedule.topic, openedAt, nextTrialAt };
  }
  if (dueAtMs === null) return { ...common, kind: "running" };
  if (attempts.length === 0) return { ...common, kind: "waiting" };
  return { ...common, kind: "retrying", nextAttemptAt: isoOf(dueAtMs) };
}

function unknownAnswer(
  { watch }: ExplainInput,
  occurrence: { key: string | null; isKnown: boolean },
): DetailsOf<Answer> {
  return {
    kind: "unknown",
    because: occurrence.isKnown ? "no_record" : "definition",
    comparedUntil: watch?.until ?? null,
    isMissing: occurrence.key !== null && (watch?.unexplained ?? []).includes(occurrence.key),
  };
}

function deletionOf({ schedule, trail }: ExplainInput) {
  if (!schedule.state.deleted) return null;
  const entry = trail.findLast((one) => one.action === "schedule.delete");
  if (entry !== undefined) return { atMs: entry.atMs, fact: changeFact(entry) };
  const atMs = schedule.updatedAt;
  return { atMs, fact: { entryId: null, at: isoOf(atMs), actor: null, version: schedule.version } };
}

/** The current pause of the schedule; null if it is not paused. */
function presentPause(schedule: Schedule, trail: readonly TrailEntry[]): PauseFact | null {
  const { enabled, pausedBy, pausedAt, pauseNote, pausedUntil, state } = schedule;
  if (enabled || state.completed || state.deleted) return null;
  const known = pauseBefore(trail, { beforeMs: Number.POSITIVE_INFINITY, actor: pausedBy, note: pauseNote });
  return {
    entryId: known.entryId,
    at: isoOrNull(pausedAt) ?? known.at,
    actor: pausedBy ?? known.actor,
    note: pauseNote,
    until: isoOrNull(pausedUntil),
    resumedAt: null,
    resumedBy: null,
  };
}

function pauseCovers({ pausedAt, pausedUntil, createdAt }: Schedule, effectiveMs: number): boolean {
  return effectiveMs >= (pausedAt ?? createdAt) && (pausedUntil === null || effectiveMs < pausedUntil);
}

/** Whether earlier planned occurrences use up `max_runs`. */
function isBeyondRuns(schedule: Schedule, occurrence: { nowMs: number; nominalMs: number }): boolean {
  const left = runsLeft(schedule, 0);
  if (left === null || !isRecurring(schedule)) return false;
  const range = { afterMs: occurrence.nowMs, untilMs: occurrence.nominalMs, limit: left + 1 };
  return occurrences(recurrenceOf(schedule), range).length > left;
}

/** Explains why there is no occurrence at the requested time. */
function explainAbsence(input: ExplainInput, inForce: InForce): Answer {
  const { question, schedule } = input;
  const { atMs } = question;
  const definition = inForce.schedule;
  const span = question.spans[0] ?? { fromMs: atMs, untilMs: atMs + 1 };
  const common = { at: isoOf(atMs), effectiveAt: null, version: inForce.version, dst: null };
  const around = plannedAround(definition, span);
  const deletion = deletionOf(input);
  if (deletion !== null && deletion.atMs <= atMs) return { ...common, kind: "deleted", deletion: deletion.fact };
  if (span.untilMs <= schedule.createdAt) {
    const { createdAt, createdBy } = schedule;
    return {
      ...common,
      version: null,
      kind: "before_creation",
      createdAt: isoOf(createdAt),
      createdBy,
      next: around.next,
    };
  }
  if (!inForce.isKnown) return { ...common, ...unknownAnswer(input, { key: null, isKnown: false }) };
  const { startAt, endAt } = definition;
  if (startAt !== null && span.untilMs <= startAt) {
    return { ...common, kind: "before_start", startAt: isoOf(startAt), next: around.next };
  }
  if (endAt !== null && span.fromMs > endAt) {
    return { ...common, kind: "after_end", endAt: isoOf(endAt), previous: around.previous };
  }
  const overlap = otherPass(definition, question);
  if (overlap !== null) return { ...common, ...overlap };
  const edited = plannedByOtherVersion(input);
  if (edited !== null) return { ...common, ...edited, ...around };
  const { gap } = question;
  const dst = gap && ({ kind: "gap_skipped", localTime: localText(gap.fromWallMs) } as const);
  return { ...common, kind: "not_planned", dst, ...around };
}

/** Upper bound of the time between the passes of a repeated local time. */
const OVERLAP_MS = DAY_MS;
/** Maximum number of occurrences in the search for the other pass. */
const OTHER_PASS_LIMIT = 10_000;

/** The requested pass of a repeated local time if it does not fire, with the time of the pass that fires. */
function otherPass(definition: Schedule, question: Question) {
  if (!isRecurring(definition)) return null;
  const [unfired] = candidatesOf({ ...definition, dstOverlap: "both" }, question);
  if (unfired?.dst === undefined || unfired.dst === null) return null;
  try {
    const { nominalMs, dst } = unfired;
    const range = { afterMs: nominalMs - OVERLAP_MS, untilMs: nominalMs + OVERLAP_MS, limit: OTHER_PASS_LIMIT };
    const fired = occurrences(recurrenceOf(definition), range).find((one) => localText(one.wallMs) === dst.localTime);
    return { kind: "dst_overlap", dst, runsAt: isoOrNull(fired?.nominalMs ?? null) } as const;
  } catch (error) {
    // The stored cron or zone is no longer valid, so no pass is planned.
    if (isDataFault(error)) return null;
    throw error;
  }
}

/** The edit that added or removed the requested time; null if no version has the time. */
function plannedByOtherVersion({ question, schedule, trail }: ExplainInput) {
  const edits = trail.filter((entry) => entry.action === "schedule.edit");
  const hasTime = (atMs: number) => candidatesOf(definitionAt(schedule, trail, atMs).schedule, question).length > 0;
  // `definitionAt` takes back edits at or after its time, so `+ 1` keeps this edit.
  const later = edits.find((edit) => edit.atMs >= question.atMs && hasTime(edit.atMs + 1));
  if (later !== undefined) return { kind: "edited", plannedBy: "later", edit: changeFact(later) } as const;
  const earlier = edits.findLast((edit) => edit.atMs < question.atMs && hasTime(edit.atMs));
  return earlier === undefined ? null : ({ kind: "edited", plannedBy: "earlier", edit: changeFact(earlier) } as const);
}
