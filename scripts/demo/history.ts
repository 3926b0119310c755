import { CATCH_UP_GRACE_MS, decideCatchUp } from "~/server/domain/catch-up";
import { type Execution, LATE_MS, latenessMs, type Trigger } from "~/server/domain/execution";
import { eventId, manualKey, occurrenceKey, sourceScheduleId } from "~/server/domain/ids";
import { gapRows, skippedExecution } from "~/server/domain/ledger";
import { occurrencesOf, type PlannedOccurrence, recurrenceOf } from "~/server/domain/plan";
import { skippedByDstBefore } from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import { attemptsOf } from "./attempts";
import { seededRandom } from "./draw";
import { ANA } from "./people";
import { isIn, type Story } from "./story";

type Recurring = Schedule & { cronExpression: string };

const WORKERS = ["schedules-worker-0", "schedules-worker-1"] as const;
/** More than any schedule of the demo has. */
const MAX_OCCURRENCES = 100_000;

/** An occurrence that a worker claimed. */
interface Claim {
  time: PlannedOccurrence;
  claimedMs: number;
  trigger: Trigger;
  key: string;
  actor: string | null;
  /** When the occurrence began to wait in Redis. */
  enteredMs: number;
}

/** The default immediate horizon: in the demo, an occurrence waits in Redis at most this long before its time. */
const HORIZON_MS = 86_400_000;

/**
 * The ledger rows of a schedule with `fromMs < nominal <= untilMs` that had ended by `nowMs`, oldest first. They agree
 * with the story.
 */
export function historyOf(
  schedule: Recurring,
  input: { story: Story; fromMs: number; untilMs: number; nowMs: number },
): Execution[] {
  const { story, nowMs } = input;
  const times = occurrencesOf(schedule, { afterMs: input.fromMs, untilMs: input.untilMs, limit: MAX_OCCURRENCES });
  const { from, to } = story.workersDown;
  const missed = times.filter(({ effectiveMs }) => effectiveMs >= from && effectiveMs < to - CATCH_UP_GRACE_MS);
  const decision = decideCatchUp({ missed, nowMs: to, policy: schedule.catchUp, runsLeft: null });
  const caughtUp = new Set(decision.run);
  const skipped = new Set(decision.skip);
  const recurrence = recurrenceOf(schedule);
  const rows = times.flatMap((time, index): Execution[] => {
    const row = executionOf(time, times[index - 1]?.nominalMs ?? schedule.createdAt);
    const inGap = skippedByDstBefore(recurrence, { nominalMs: time.nominalMs, sinceMs: input.fromMs });
    return [...gapRows(schedule, inGap, row.endedAt), row];
  });
  return rows.filter((row) => row.endedAt <= nowMs);

  function executionOf(time: PlannedOccurrence, previousMs: number): Execution {
    if (skipped.has(time)) {
      return skippedExecution({ schedule, time, nowMs: to, reason: "catch_up_policy", actor: null });
    }
    if (schedule.name === "billing.payment-reminders" && isIn(story.remindersPaused, time.nominalMs)) {
      const { to: resumedMs } = story.remindersPaused;
      const note = "Wording is checked by legal";
      return skippedExecution({ schedule, time, nowMs: resumedMs, reason: "paused", actor: ANA, note });
    }
    const isCaughtUp = caughtUp.has(time);
    const key = occurrenceKey(schedule.scheduleId, time.nominalMs);
    const earliestMs = isIn(story.workersDown, time.effectiveMs) ? to : time.effectiveMs;
    const claimedMs = earliestMs + claimDelayMs(seededRandom(`${key}:claim`));
    const trigger = isCaughtUp ? "catch_up" : "schedule";
    const enteredMs = Math.max(previousMs, time.nominalMs - HORIZON_MS);
    return attemptedExecution(schedule, { time, claimedMs, trigger, key, actor: null, enteredMs }, story);
  }
}

export function manualRun(schedule: Schedule, atMs: number, story: Story): Execution {
  const key = manualKey(schedule.scheduleId, sourceScheduleId("demo-run", `${schedule.scheduleId}:${atMs}`));
  const time = { nominalMs: atMs, effectiveMs: atMs };
  return attemptedExecution(
    schedule,
    { time, claimedMs: atMs + 3, trigger: "manual", key, actor: ANA, enteredMs: atMs },
    story,
  );
}

export function oneTimeRun(schedule: Schedule, nominalMs: number, story: Story): Execution {
  const key = occurrenceKey(schedule.scheduleId, nominalMs);
  const claimedMs = nominalMs + claimDelayMs(seededRandom(`${key}:claim`));
  const time = { nominalMs, effectiveMs: nominalMs };
  const enteredMs = Math.max(schedule.createdAt, nominalMs - HORIZON_MS);
  return attemptedExecution(schedule, { time, claimedMs, trigger: "schedule", key, actor: null, enteredMs }, story);
}

/** The time from the effective time to the claim, ms: mostly 1 to 7, rarely 120 to 1,020. */
function claimDelayMs(random: () => number): number {
  return random() < 0.004 ? Math.round(120 + 900 * random()) : Math.round(1 + 6 * random() ** 2);
}

function attemptedExecution(schedule: Schedule, claim: Claim, story: Story): Execution {
  const random = seededRandom(claim.key);
  const workerId = WORKERS[random() < 0.5 ? 0 : 1];
  const { nominalMs, effectiveMs } = claim.time;
  const { attempts, endedAt, fault } = attemptsOf({
    story,
    schedule,
    nominalMs,
    claimedMs: claim.claimedMs,
    workerId,
    random,
  });
  const lateness = latenessMs(effectiveMs, endedAt);
  const hasFired = fault === null;
  return {
    executionId: eventId(claim.key),
    key: claim.key,
    scheduleId: schedule.scheduleId,
    scheduleName: schedule.name,
    scheduleVersion: schedule.version,
    trigger: claim.trigger,
    outcome: hasFired ? "succeeded" : "dead",
    reason: hasFired ? null : fault.errorClass === "bad_payload" ? "bad_payload" : "retries_used_up",
    topic: schedule.topic,
    entityType: schedule.entityType,
    entityId: schedule.entityId,
    action: schedule.action,
    source: schedule.source,
    correlationId: schedule.correlationId,
    priority: schedule.priority,
    scheduledFor: nominalMs,
    effectiveAt: effectiveMs,
    firedAt: hasFired ? endedAt : null,
    endedAt,
    latenessMs: lateness,
    late: hasFired && lateness > LATE_MS,
    publishMs: attempts.at(-1)?.durationMs ?? null,
    attempts,
    error: fault?.error ?? null,
    errorClass: fault?.errorClass ?? null,
    workerId,
    partition: null,
    offset: hasFired ? `${endedAt}-0` : null,
    actor: claim.actor,
    note: null,
    tier: "redis",
    enteredRedisAt: claim.enteredMs,
    payload: schedule.payload,
    headers: schedule.headers,
    rawValue: schedule.rawValue,
    actorType: schedule.actorType,
    actorId: schedule.actorId,
  };
}
