import type { ChangeFact, DstEffect, Explanation, PauseFact } from "./explanation";

/** Formats a time in the reader's zone: "08:00" or "08:00:05", and "27 Nov 2026". */
export type FormatTime = (ms: number) => { clock: string; date: string };

/** What became of a replay, by its outcome. */
const REPLAY_OUTCOMES: Readonly<Record<string, string>> = {
  succeeded: "was published",
  dead: "is dead",
  expired: "expired",
  skipped: "was skipped",
  cancelled: "was cancelled",
};

/**
 * Says in a few sentences whether the schedule fired at the requested time or will fire, and why. Adds a pause of all
 * firing, an effect of daylight saving, and a replay. Other times on the requested date are shown without their date.
 * @param format formats times in the reader's zone
 * @param asked the requested time in other words, such as in two zones
 */
export function sentenceOf(explanation: Explanation, format: FormatTime, asked?: string): string {
  const requested = format(Date.parse(explanation.at));
  const time = (iso: string) => {
    const { clock, date } = format(Date.parse(iso));
    return date === requested.date ? clock : `${clock} on ${date}`;
  };
  const subject = asked ?? `${requested.clock} on ${requested.date}`;
  const first = answerOf(explanation, { subject, time });
  const parts = [first, allPausedWords(explanation, time), dstWords(explanation, time), replayWords(explanation)];
  return parts.filter((part) => part !== null).join(" ");
}

interface Words {
  /** The requested time with its date. */
  subject: string;
  time(iso: string): string;
}

function answerOf(explanation: Explanation, words: Words): string {
  const { subject, time } = words;
  switch (explanation.kind) {
    case "fired":
      return firedWords(explanation, words);
    case "dead": {
      const why = explanation.reason === "max_delay" ? "the next retry would have exceeded the maximum delay" : null;
      const error = explanation.error ? `: ${withFullStop(explanation.error)}` : ".";
      return `${subject} is dead after ${attempts(explanation.attempts)}${why ? `, because ${why}` : ""}${error}`;
    }
    case "expired":
      return `${subject} expired: it was ${lengthInWords(explanation.latenessMs)} late, more than the maximum delay allows.`;
    case "cancelled":
      return `${subject} was cancelled at ${time(explanation.endedAt)}, because the schedule was deleted${by(explanation.actor)}.`;
    case "skipped":
      return skippedWords(explanation, words);
    case "running":
      return `${subject} is running: a worker is publishing it (attempt ${explanation.attempts + 1}).`;
    case "waiting":
      return isFiringPaused(explanation) ? untilResumed(subject) : `${subject} is due and is waiting for a worker.`;
    case "retrying": {
      const { attempts: tried, error, nextAttemptAt } = explanation;
      return `${subject} is retrying: ${attempts(tried)} failed${error ? ` (${error})` : ""}. The next attempt is at ${time(nextAttemptAt)}.`;
    }
    case "held": {
      const since = explanation.openedAt ? ` since ${time(explanation.openedAt)}` : "";
      const trial = explanation.nextTrialAt ? ` The next trial is at ${time(explanation.nextTrialAt)}.` : "";
      return `${subject} is held: the breaker of the topic ${explanation.topic} is open${since}.${trial}`;
    }
    case "upcoming":
      return `${subject} is planned and not due yet${jitterWords(explanation, time)}.`;
    case "overdue":
      if (isFiringPaused(explanation)) return untilResumed(subject);
      return `${subject} is overdue: no worker has claimed it yet. Workers are behind, stopped, or cannot reach the bus (see System).`;
    case "paused": {
      const { isPast, pause } = explanation;
      const what = isPast ? "did not fire" : "will not fire";
      const end = pause.until ? `The pause ends at ${time(pause.until)}.` : "The pause has no end.";
      return `${subject} ${what}: the schedule ${pausedSinceWords(pause, time)}. ${end}`;
    }
    case "completed":
      return explanation.maxRuns === null
        ? `${subject} did not fire: the schedule is completed.`
        : `${subject} does not run: the schedule ends after ${counted(explanation.maxRuns, "run")}.`;
    case "deleted":
      // Present tense, because the time may also be in the future.
      return `${subject} does not fire: the schedule was deleted${changedWords(explanation.deletion, time)}, before this time.`;
    case "before_creation": {
      const { createdAt, createdBy } = explanation;
      return `${subject} did not fire: the schedule was created later,${by(createdBy)} at ${time(createdAt)}.${nextWords(explanation.next, time)}`;
    }
    case "before_start":
      return `${subject} is before the schedule's start, ${time(explanation.startAt)}.${nextWords(explanation.next, time)}`;
    case "after_end": {
      const last = explanation.previous ? ` Its last planned time was ${time(explanation.previous)}.` : "";
      return `${subject} is after the schedule's end, ${time(explanation.endAt)}.${last}`;
    }
    case "not_planned":
      return `${subject} is not in the plan.${aroundWords(explanation, time)}`;
    case "edited":
      return editedWords(explanation, words);
    case "dst_gap":
      return `${subject} is not in the plan: ${localClock(explanation.dst)} does not exist on this day, and the schedule skips such times.${nextWords(explanation.next, time)}`;
    case "dst_overlap":
      return `${subject} is not in the plan: ${localClock(explanation.dst)} occurs twice on this day, and ${explanation.runsAt === null ? "the schedule runs in neither pass" : "the schedule runs in the other pass"}.`;
    case "no_history":
      return `Nothing is known about ${subject}: the history is kept for ${counted(explanation.keptDays, "day")}.`;
    case "unknown":
      return unknownWords(explanation, words);
  }
}

const isFiringPaused = ({ allPaused }: Explanation) => allPaused !== null && allPaused.resumedAt === null;
const untilResumed = (subject: string) => `${subject} is due and waits until firing is resumed.`;

type ExplanationOf<K extends Explanation["kind"]> = Extract<Explanation, { kind: K }>;

function firedWords(explanation: ExplanationOf<"fired">, { subject, time }: Words): string {
  const { trigger, actor, latenessMs, late, firedAt } = explanation;
  const tries = explanation.attempts > 1 ? ` after ${attempts(explanation.attempts)}` : "";
  if (trigger === "manual") return `${subject} was run manually${by(actor)} and published at ${time(firedAt)}${tries}.`;
  const caughtUp = trigger === "catch_up" ? " as a catch-up run" : "";
  const lateness = late
    ? `${lengthInWords(latenessMs)} late`
    : latenessMs < 1000
      ? "on time"
      : `${lengthInWords(latenessMs)} after it was due`;
  return `${subject} fired${caughtUp} at ${time(firedAt)}, ${lateness}${tries}.`;
}

function skippedWords(explanation: ExplanationOf<"skipped">, { subject, time }: Words): string {
  const { reason, pause, edit } = explanation;
  switch (reason) {
    case "paused": {
      if (pause === null) return `${subject} was skipped: the schedule was paused.`;
      const resumed = pause.resumedAt ? ` It was resumed at ${time(pause.resumedAt)}${by(pause.resumedBy)}.` : "";
      return `${subject} was skipped: ${pausedWords(pause, time)}.${resumed}`;
    }
    case "superseded_by_edit":
      return `${subject} was skipped: an edit${edit ? changedWords(edit, time) : ` at ${time(explanation.endedAt)}`} replaced it before a worker claimed it.`;
    case "catch_up_policy":
      return `${subject} was skipped: it was found ${lengthInWords(explanation.latenessMs)} late, and the catch-up policy did not select it.`;
    case "dst_gap":
      return `${subject} was skipped: its local time does not exist on this day, and the schedule skips such times.`;
    case "schedule_ended":
      return `${subject} was skipped: it comes after the last run that the schedule allows.`;
    default:
      return `${subject} was skipped: ${reason === null ? "no reason was recorded" : reason.replaceAll("_", " ")}.`;
  }
}

function editedWords(explanation: ExplanationOf<"edited">, { subject, time }: Words): string {
  const { plannedBy, edit, version } = explanation;
  const inForce = version === null ? "" : ` Version ${version} was in force.`;
  const change = `an edit${changedWords(edit, time)}`;
  const what = plannedBy === "later" ? `it was added later by ${change}` : `it was removed by ${change}`;
  return `${subject} was not in the plan: ${what}.${inForce}${aroundWords(explanation, time)}`;
}

function unknownWords(explanation: ExplanationOf<"unknown">, { subject, time }: Words): string {
  const { because, comparedUntil, isMissing } = explanation;
  if (because === "definition") {
    return `Nothing is recorded about ${subject}: the audit trail does not reach back to the definition that was in force.`;
  }
  if (isMissing) return `${subject} has no record: the watchdog put it back once, and it is missing again.`;
  if (comparedUntil === null) return `${subject} was planned and has no record. The watchdog has not reported yet.`;
  const finding =
    Date.parse(comparedUntil) > Date.parse(explanation.at)
      ? `The watchdog's last check went up to ${time(comparedUntil)} and does not list this run as missing; it may have been before the range of that check.`
      : `The watchdog has checked only what was due before ${time(comparedUntil)}.`;
  return `${subject} was planned and has no record. ${finding}`;
}

function pausedWords({ actor, at, note }: PauseFact, time: Words["time"]): string {
  return `paused${by(actor)}${at ? ` at ${time(at)}` : ""}${note ? `, note '${note}'` : ""}`;
}

/** For a pause that has not ended. */
function pausedSinceWords({ actor, at, note }: PauseFact, time: Words["time"]): string {
  const details = [...(actor ? [`by ${actor}`] : []), ...(note ? [`note '${note}'`] : [])];
  return `${at ? `has been paused since ${time(at)}` : "is paused"}${details.length > 0 ? ` (${details.join(", ")})` : ""}`;
}

function changedWords({ actor, at, version }: ChangeFact, time: Words["time"]): string {
  const made = version === null ? "" : ` (version ${version})`;
  return `${by(actor)}${at ? ` at ${time(at)}` : ""}${made}`;
}

function aroundWords(
  { previous, next }: { previous: string | null; next: string | null },
  time: Words["time"],
): string {
  if (previous === null && next === null) return " There is no planned time around it.";
  if (previous === null) return nextWords(next, time);
  if (next === null) return ` The last planned time before it is ${time(previous)}; none follows.`;
  return ` The planned time before it is ${time(previous)}; the next is ${time(next)}.`;
}

function nextWords(next: string | null, time: Words["time"]): string {
  return next === null ? "" : ` The next planned time is ${time(next)}.`;
}

/** Null if no pause of all firing applies, and if the schedule itself was paused, deleted or completed. */
function allPausedWords({ allPaused, kind }: Explanation, time: Words["time"]): string | null {
  if (allPaused === null || kind === "paused" || kind === "deleted" || kind === "completed") return null;
  const { until, resumedAt, resumedBy } = allPaused;
  if (resumedAt !== null) {
    return `All firing was ${pausedWords(allPaused, time)}. It was resumed at ${time(resumedAt)}${by(resumedBy)}.`;
  }
  const end = until ? `The pause ends at ${time(until)}.` : "The pause has no end.";
  return `All firing ${pausedSinceWords(allPaused, time)}. ${end}`;
}

function dstWords(explanation: Explanation, time: Words["time"]): string | null {
  const { dst, kind, at } = explanation;
  if (dst === null || kind === "dst_gap" || kind === "dst_overlap") return null;
  const clock = localClock(dst);
  switch (dst.kind) {
    case "gap_moved":
      return `${clock} does not exist on this day, so the run was moved to ${time(at)}.`;
    case "gap_skipped":
      return kind === "skipped" ? null : `${clock} does not exist on this day.`;
    case "overlap_first":
      return `${clock} occurs twice on this day; this is the first pass.`;
    case "overlap_second":
      return `${clock} occurs twice on this day; this is the second pass.`;
  }
}

function replayWords(explanation: Explanation): string | null {
  if (!("replay" in explanation) || explanation.replay === null) return null;
  const { outcome } = explanation.replay;
  return `A later replay ${REPLAY_OUTCOMES[outcome] ?? `has the outcome ${outcome}`}.`;
}

function jitterWords({ at, effectiveAt }: ExplanationOf<"upcoming">, time: Words["time"]): string {
  return effectiveAt === null || effectiveAt === at ? "" : `; with jitter it fires at ${time(effectiveAt)}`;
}

/** The clock of a local time, such as "02:30", with seconds if they are not zero. */
function localClock(dst: DstEffect | null): string {
  const clock = dst?.localTime.slice(11) ?? "The local time";
  return clock.endsWith(":00") ? clock.slice(0, -3) : clock;
}

const by = (actor: string | null) => (actor ? ` by ${actor}` : "");
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const attempts = (count: number) => counted(count, "attempt");
const withFullStop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A duration in its two largest units, such as "2 h 5 min". */
function lengthInWords(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return "less than 1 s";
  const parts: string[] = [];
  let restMs = ms;
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(restMs / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    restMs -= count * size;
  }
  return parts.join(" ");
}
