import { effectiveTime } from "./jitter";
import { nextOccurrence, occurrences, type RecurrenceSpec } from "./recurrence";
import type { Schedule } from "./schedule";

/** Maximum number of planned occurrences of a recurring schedule in Redis. */
export const PLAN_AHEAD = 16;

/** The occurrences of a schedule after a time. Times are epoch ms. */
export interface NextOccurrences {
  /** Within the horizon, soonest first. */
  near: PlannedOccurrence[];
  /** The first nominal time beyond the horizon; null if `near` is full or nothing follows. */
  nextBeyondMs: number | null;
  /** Whether it is known that no occurrence follows `near`. */
  ended: boolean;
}

/** The fields of a recurring schedule that determine its nominal times. */
type Recurring = Pick<Schedule, "timezone" | "dstGap" | "dstOverlap" | "startAt" | "endAt"> & {
  cronExpression: string;
};

export function recurrenceOf(schedule: Recurring): RecurrenceSpec {
  return {
    cronExpression: schedule.cronExpression,
    timezone: schedule.timezone,
    dstGap: schedule.dstGap,
    dstOverlap: schedule.dstOverlap,
    startAt: schedule.startAt,
    endAt: schedule.endAt,
  };
}

export function isRecurring(schedule: Schedule): schedule is Schedule & { cronExpression: string } {
  return schedule.cronExpression !== null;
}

/** One planned occurrence: nominal and effective (jittered) time, epoch ms. */
export interface PlannedOccurrence {
  nominalMs: number;
  effectiveMs: number;
}

/** The occurrences of a recurring schedule with `afterMs < nominal <= untilMs`, oldest first, at most `limit`. */
export function occurrencesOf(
  schedule: Recurring & Pick<Schedule, "scheduleId" | "jitterSeconds">,
  range: { afterMs: number; untilMs: number; limit: number },
): PlannedOccurrence[] {
  const spec = recurrenceOf(schedule);
  const { scheduleId, jitterSeconds } = schedule;
  const times = occurrences(spec, range).map((one) => one.nominalMs);
  if (jitterSeconds === 0) return times.map((nominalMs) => ({ nominalMs, effectiveMs: nominalMs }));
  return times.map((nominalMs, index) => {
    const nextNominalMs = times[index + 1] ?? nextOccurrence(spec, nominalMs)?.nominalMs ?? null;
    return { nominalMs, effectiveMs: effectiveTime({ scheduleId, nominalMs, jitterSeconds, nextNominalMs }) };
  });
}

/**
 * At most `limit` occurrences of a recurring schedule strictly after `afterMs`, up to `horizonMs` after `nowMs`. Their
 * times depend only on the definition and `afterMs` (semantics §2.1). For a one-time schedule, its occurrence, even if
 * overdue.
 *
 * @param input.runsLeft the number of occurrences that `max_runs` still allows; null for no limit
 */
export function planAfter(input: {
  schedule: Schedule;
  afterMs: number;
  nowMs: number;
  horizonMs: number;
  runsLeft: number | null;
  limit?: number;
}): NextOccurrences {
  const { schedule, afterMs, nowMs, horizonMs, runsLeft, limit = PLAN_AHEAD } = input;
  if (!isRecurring(schedule)) return planOneTime(schedule, nowMs + horizonMs);
  const spec = recurrenceOf(schedule);
  const near: NextOccurrences["near"] = [];
  let next = nextOccurrence(spec, afterMs);
  while (next !== null && near.length < limit) {
    if (runsLeft !== null && near.length >= runsLeft) return { near, nextBeyondMs: null, ended: true };
    const nominalMs = next.nominalMs;
    if (nominalMs > nowMs + horizonMs) return { near, nextBeyondMs: nominalMs, ended: false };
    next = nextOccurrence(spec, nominalMs);
    near.push({
      nominalMs,
      effectiveMs: effectiveTime({
        scheduleId: schedule.scheduleId,
        nominalMs,
        jitterSeconds: schedule.jitterSeconds,
        nextNominalMs: next?.nominalMs ?? null,
      }),
    });
  }
  return { near, nextBeyondMs: null, ended: next === null };
}

/**
 * The plan with which a schedule is put into Redis. Begins with the next occurrence, even if that is overdue. Empty
 * without a next occurrence within the horizon.
 */
export function nearOccurrences(schedule: Schedule, range: { nowMs: number; horizonMs: number }): PlannedOccurrence[] {
  const fromMs = schedule.state.nextExecution;
  if (fromMs === null) return [];
  const left = runsLeft(schedule, 0);
  const { near } = planAfter({ schedule, afterMs: fromMs - 1, ...range, runsLeft: left });
  const isNear = fromMs <= range.nowMs + range.horizonMs;
  if (!isNear || !isRecurring(schedule) || near[0]?.nominalMs === fromMs) return near;
  // The next occurrence was planned under other time zone rules: keep it rather than lose it.
  const { scheduleId, jitterSeconds } = schedule;
  const nextNominalMs = nextOccurrence(recurrenceOf(schedule), fromMs)?.nominalMs ?? null;
  const effectiveMs = effectiveTime({ scheduleId, nominalMs: fromMs, jitterSeconds, nextNominalMs });
  return [{ nominalMs: fromMs, effectiveMs }, ...near.slice(0, Math.min(PLAN_AHEAD, left ?? PLAN_AHEAD) - 1)];
}

function planOneTime(schedule: Schedule, horizonEndMs: number): NextOccurrences {
  const nominalMs = schedule.executionTime;
  if (nominalMs === null) return { near: [], nextBeyondMs: null, ended: true };
  if (nominalMs > horizonEndMs) return { near: [], nextBeyondMs: nominalMs, ended: false };
  const { scheduleId, jitterSeconds } = schedule;
  const effectiveMs = effectiveTime({ scheduleId, nominalMs, jitterSeconds, nextNominalMs: null });
  return { near: [{ nominalMs, effectiveMs }], nextBeyondMs: null, ended: true };
}

/** The number of occurrences that `max_runs` still allows after the taken and the planned ones; null for no limit. */
export function runsLeft(schedule: Schedule, alreadyPlanned: number): number | null {
  return schedule.maxRuns === null ? null : Math.max(0, schedule.maxRuns - schedule.state.runsTaken - alreadyPlanned);
}
