import type { ChangeFact, DstEffect, Explanation, PauseFact } from "./explanation";

/** A time in the zone that the reader sees: "08:00" or "08:00:05", and "27 Nov 2026". */
export type TellTime = (ms: number) => { clock: string; date: string };

const OUTCOMES: Readonly<Record<string, string>> = {
  succeeded: "published",
  dead: "dead",
  expired: "expired",
  skipped: "skipped",
  cancelled: "cancelled",
};

/**
 * The answer in one or two sentences. Dates that are the same as the one asked for are left out.
 * @param tell formats times in the reader's zone
 */
export function sentenceOf(explanation: Explanation, tell: TellTime): string {
  const asked = tell(Date.parse(explanation.at));
  const time = (iso: string) => {
    const { clock, date } = tell(Date.parse(iso));
    return date === asked.date ? clock : `${clock} on ${date}`;
  };
  const on = `${asked.clock} on ${asked.date}`;
  const first = answerOf(explanation, { on, time });
  return [first, dstWords(explanation, time), replayWords(explanation)].filter((part) => part !== null).join(" ");
}

interface Words {
  /** The time asked for, with its date. */
  on: string;
  time(iso: string): string;
}

function answerOf(explanation: Explanation, words: Words): string {
  const { on, time } = words;
  switch (explanation.kind) {
    case "fired":
      return firedWords(explanation, words);
    case "dead": {
      const why = explanation.reason === "max_delay" ? "the next retry would have exceeded the maximum delay" : null;
      const error = explanation.error ? `: ${stop(explanation.error)}` : ".";
      return `${on} is dead after ${attempts(explanation.attempts)}${why ? `, because ${why}` : ""}${error}`;
    }
    case "expired":
      return `${on} expired: it was ${lengthInWords(explanation.latenessMs)} late, more than the maximum delay allows.`;
    case "cancelled":
      return `${on} was cancelled: the schedule was deleted${by(explanation.actor)} at ${time(explanation.endedAt)}.`;
    case "skipped":
      return skippedWords(explanation, words);
    case "running":
      return `${on} is running: a worker is publishing it (attempt ${explanation.attempts + 1}).`;
    case "waiting":
      return `${on} waits in Redis for a worker.`;
    case "retrying": {
      const { attempts: tried, error, nextAttemptAt } = explanation;
      return `${on} is retrying: ${attempts(tried)} failed${error ? ` (${error})` : ""}. The next attempt is at ${time(nextAttemptAt)}.`;
    }
    case "held": {
      const since = explanation.openedAt ? ` since ${time(explanation.openedAt)}` : "";
      const trial = explanation.nextTrialAt ? ` The next trial is at ${time(explanation.nextTrialAt)}.` : "";
      return `${on} is held: the breaker of the topic ${explanation.topic} is open${since}.${trial}`;
    }
    case "upcoming":
      return `${on} is still to come${jitter(explanation, time)}.`;
    case "overdue":
      return `${on} is overdue: no worker has claimed it yet. Workers are behind, stopped, or cannot reach the bus (see System).`;
    case "paused": {
      const { isPast, pause } = explanation;
      const what = isPast ? "did not fire" : "will not fire";
      const end = pause.until ? `The pause ends at ${time(pause.until)}.` : "The pause has no end.";
      return `${on} ${what}: the schedule is ${pausedWords(pause, time)}. ${end}`;
    }
    case "completed":
      return explanation.maxRuns === null
        ? `${on} did not fire: the schedule is completed.`
        : `${on} is not run: the schedule is completed after ${counted(explanation.maxRuns, "run")}.`;
    case "deleted":
      return `${on} is after the schedule was deleted${changedWords(explanation.deletion, time)}.`;
    case "before_creation": {
      const { createdAt, createdBy } = explanation;
      return `${on} is before the schedule was created${by(createdBy)} at ${time(createdAt)}.${nextWords(explanation.next, time)}`;
    }
    case "before_start":
      return `${on} is before the schedule's start, ${time(explanation.startAt)}.${nextWords(explanation.next, time)}`;
    case "after_end": {
      const last = explanation.previous ? ` Its last planned time was ${time(explanation.previous)}.` : "";
      return `${on} is after the schedule's end, ${time(explanation.endAt)}.${last}`;
    }
    case "not_planned":
      return `${on} is not in the plan.${aroundWords(explanation, time)}`;
    case "edited":
      return editedWords(explanation, words);
    case "dst_gap":
      return `${on} was left out: ${localClock(explanation.dst)} does not exist on this day, and the schedule skips such times.${nextWords(explanation.next, time)}`;
    case "dst_overlap":
      return `${on} is not in the plan: ${localClock(explanation.dst)} occurs twice on this day, and the schedule runs in the other pass.`;
    case "no_history":
      return `Nothing is known about ${on}: the history is kept for ${counted(explanation.keptDays, "day")}.`;
    case "unknown":
      return unknownWords(explanation, words);
  }
}

type Of<K extends Explanation["kind"]> = Extract<Explanation, { kind: K }>;

function firedWords(explanation: Of<"fired">, { on, time }: Words): string {
  const { trigger, actor, latenessMs, late, firedAt } = explanation;
  const tries = explanation.attempts > 1 ? ` after ${attempts(explanation.attempts)}` : "";
  if (trigger === "manual") return `${on} was run by hand${by(actor)} and published at ${time(firedAt)}${tries}.`;
  const caughtUp = trigger === "catch_up" ? " as a catch-up run" : "";
  const lateness = late
    ? `${lengthInWords(latenessMs)} late`
    : latenessMs < 1000
      ? "on time"
      : `${lengthInWords(latenessMs)} after it was due`;
  return `${on} fired${caughtUp} at ${time(firedAt)}, ${lateness}${tries}.`;
}

function skippedWords(explanation: Of<"skipped">, { on, time }: Words): string {
  const { reason, pause, edit } = explanation;
  switch (reason) {
    case "paused": {
      if (pause === null) return `${on} was skipped: the schedule was paused.`;
      const resumed = pause.resumedAt ? ` It resumed at ${time(pause.resumedAt)}${by(pause.resumedBy)}.` : "";
      return `${on} was skipped: ${pausedWords(pause, time)}.${resumed}`;
    }
    case "superseded_by_edit":
      return `${on} was skipped: an edit${edit ? changedWords(edit, time) : ` at ${time(explanation.endedAt)}`} replaced it before a worker claimed it.`;
    case "catch_up_policy":
      return `${on} was skipped: it was found ${lengthInWords(explanation.latenessMs)} late, and the catch-up policy did not select it.`;
    case "dst_gap":
      return `${on} was skipped: its local time does not exist on this day, and the schedule skips such times.`;
    case "schedule_ended":
      return `${on} was skipped: it comes after the last run that the schedule allows.`;
    default:
      return `${on} was skipped: ${reason === null ? "no reason was recorded" : reason.replaceAll("_", " ")}.`;
  }
}

function editedWords(explanation: Of<"edited">, { on, time }: Words): string {
  const { plannedBy, edit, version } = explanation;
  const inForce = version === null ? "" : ` Version ${version} was in force.`;
  const change = `an edit${changedWords(edit, time)}`;
  const what = plannedBy === "later" ? `it was added later by ${change}` : `it was removed by ${change}`;
  return `${on} was not in the plan: ${what}.${inForce}${aroundWords(explanation, time)}`;
}

function unknownWords(explanation: Of<"unknown">, { on, time }: Words): string {
  const { because, comparedUntil, isMissing } = explanation;
  if (because === "definition") {
    return `Nothing is recorded about ${on}: the audit trail does not say which times were in force.`;
  }
  if (isMissing) return `${on} has no record: the watchdog put it back once, and it is missing again.`;
  if (comparedUntil === null) return `${on} was planned and has no record. The watchdog has not reported yet.`;
  const finding =
    Date.parse(comparedUntil) > Date.parse(explanation.at)
      ? `The watchdog has compared everything due before ${time(comparedUntil)} and reports nothing missing.`
      : `The watchdog has compared only what was due before ${time(comparedUntil)}.`;
  return `${on} was planned and has no record. ${finding}`;
}

function pausedWords({ actor, at, note }: PauseFact, time: Words["time"]): string {
  return `paused${by(actor)}${at ? ` at ${time(at)}` : ""}${note ? `, note '${note}'` : ""}`;
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
  return ` The nearest planned times are ${time(previous)} and ${time(next)}.`;
}

function nextWords(next: string | null, time: Words["time"]): string {
  return next === null ? "" : ` The next planned time is ${time(next)}.`;
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
  return `It was replayed since: ${OUTCOMES[outcome] ?? outcome}.`;
}

function jitter({ at, effectiveAt }: Of<"upcoming">, time: Words["time"]): string {
  return effectiveAt === null || effectiveAt === at ? "" : `; with jitter it fires at ${time(effectiveAt)}`;
}

/** "02:30", of a local time; with seconds where it has some. */
function localClock(dst: DstEffect | null): string {
  const clock = dst?.localTime.slice(11) ?? "The local time";
  return clock.endsWith(":00") ? clock.slice(0, -3) : clock;
}

const by = (actor: string | null) => (actor ? ` by ${actor}` : "");
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const attempts = (count: number) => counted(count, "attempt");
const stop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** "2 h 5 min": the two largest units, at least a second. */
function lengthInWords(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return "less than 1 s";
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.join(" ");
}
