import type { Execution } from "~/server/domain/execution";
import { sourceScheduleId } from "~/server/domain/ids";
import { newSchedule } from "~/server/domain/new-schedule";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { nextOccurrence } from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import { historyStart } from "./clock-changes";
import { historyOf, manualRun, oneTimeRun } from "./history";
import { oneTimeDemos } from "./one-time";
import { ANA, DEPLOY } from "./people";
import { RECURRING, type RecurringDemo } from "./recurring";
import { type Story, storyUntil } from "./story";
import { type AuditDocument, trailOf } from "./trail";

export interface World {
  schedules: Schedule[];
  /** Oldest first. */
  executions: Execution[];
  audit: AuditDocument[];
}

/** The demo at `nowMs`, epoch ms. */
export function demoWorld(nowMs: number): World {
  const story = storyUntil(nowMs);
  const recurring = RECURRING.map((demo) => recurringWithRuns(demo, story, nowMs));
  const oneTime = oneTimeDemos(nowMs).map(({ schedule, firedMs }) => {
    return withRuns(schedule, firedMs === null ? [] : [oneTimeRun(schedule, firedMs, story)]);
  });
  const all = [...recurring, ...oneTime];
  return {
    schedules: all.map(({ schedule }) => schedule),
    executions: all.flatMap(({ runs }) => runs).sort((a, b) => a.endedAt - b.endedAt),
    audit: trailOf({ story, schedules: all.map(({ schedule }) => schedule) }),
  };
}

interface WithRuns {
  schedule: Schedule;
  runs: Execution[];
}

function recurringWithRuns(demo: RecurringDemo, story: Story, nowMs: number): WithRuns {
  const schedule = currentVersion(demo, story, nowMs);
  const untilMs = schedule.pausedAt ?? nowMs;
  const fromMs = historyStart(demo, { fromMs: story.historyFrom, nowMs });
  const period = { story, fromMs, untilMs, nowMs };
  const runs =
    demo.name === "data.hourly-totals"
      ? [
          ...historyOf(
            { ...schedule, cronExpression: "0 * * * *", version: 1 },
            { ...period, untilMs: story.totalsMoved },
          ),
          ...historyOf(schedule, { ...period, fromMs: story.totalsMoved }),
        ]
      : historyOf(schedule, period);
  if (demo.name === "billing.ledger-export") {
    runs.push(...story.manualRuns.map((atMs) => manualRun(schedule, atMs, story)));
    runs.sort((a, b) => a.endedAt - b.endedAt);
  }
  return withRuns(schedule, runs);
}

/** The version of a recurring schedule at `nowMs`. */
function currentVersion(demo: RecurringDemo, story: Story, nowMs: number): Schedule & { cronExpression: string } {
  const isPaused = demo.name === "catalog.import-prices";
  const scheduleId = sourceScheduleId("demo", demo.name);
  const schedule = newSchedule({
    scheduleId,
    // The start of its history: a schedule has executions from its creation on.
    nowMs: historyStart(demo, { fromMs: story.historyFrom, nowMs }),
    name: demo.name,
    description: demo.description,
    tags: demo.tags,
    enabled: !isPaused,
    topic: `${demo.name.slice(0, demo.name.indexOf("."))}.events`,
    entityType: demo.entityType,
    action: demo.action,
    payload: JSON.stringify({ job: demo.name, dryRun: false }),
    cronExpression: demo.cron,
    timezone: demo.zone,
    source: "api_request",
    // So that the watchdog does not report earlier occurrences: this installation never fired them.
    plannedSince: nowMs,
    createdBy: DEPLOY,
    ...demo.more,
    ...(isPaused && {
      pauseNote: "The supplier moves its servers, INC-2041",
      pausedBy: ANA,
      pausedAt: story.pricesPaused.from,
      pausedUntil: story.pricesPaused.until,
    }),
  });
  const changed = CHANGED[demo.name]?.(story);
  if (!isRecurring(schedule)) throw new Error(`${demo.name} has no cron expression`);
  const next = isPaused ? null : nextOccurrence(recurrenceOf(schedule), nowMs);
  return { ...schedule, ...changed, state: { ...schedule.state, nextExecution: next?.nominalMs ?? null } };
}

/** For each edited or paused schedule, its version and the time of its last change. */
const CHANGED: Record<string, (story: Story) => Pick<Schedule, "version" | "updatedAt">> = {
  "data.hourly-totals": ({ totalsMoved }) => ({ version: 2, updatedAt: totalsMoved }),
  "catalog.import-prices": ({ pricesPaused }) => ({ version: 2, updatedAt: pricesPaused.from }),
  "billing.payment-reminders": ({ remindersPaused }) => ({ version: 3, updatedAt: remindersPaused.to }),
};

/** Sets the schedule's state after its runs, oldest first. */
function withRuns(schedule: Schedule, runs: Execution[]): WithRuns {
  const attempted = runs.filter(({ outcome }) => outcome !== "skipped");
  const last = attempted.at(-1);
  const errors = attempted.filter(({ outcome }) => outcome !== "succeeded").length;
  const state: Schedule["state"] = {
    ...schedule.state,
    lastExecution: last?.endedAt ?? null,
    lastStatus: last?.outcome ?? null,
    lastError: last?.error ?? null,
    executionCount: attempted.length,
    errorCount: errors,
  };
  return { schedule: { ...schedule, state }, runs };
}
