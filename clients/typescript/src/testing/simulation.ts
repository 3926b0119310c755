import type { InstanceInput } from "~/server/domain/changes/change";
import { deleteChange, pauseChange, resumeChange } from "~/server/domain/changes/changes";
import { decideEdit } from "~/server/domain/changes/edit";
import type { MissedChoice } from "~/server/domain/changes/settle-missed";
import { AppError } from "~/server/domain/errors";
import type { Execution, Trigger } from "~/server/domain/execution";
import { decideFiring } from "~/server/domain/firing";
import { eventId, manualKey, occurrenceKey, sourceScheduleId } from "~/server/domain/ids";
import { gapRows } from "~/server/domain/ledger";
import type { Placement } from "~/server/domain/placement";
import { isRecurring, type PlannedOccurrence, planAfter, recurrenceOf, runsLeft } from "~/server/domain/plan";
import { skippedByDstAtEnd, skippedByDstBefore } from "~/server/domain/recurrence";
import type { Outcome, Schedule, ScheduleInput } from "~/server/domain/schedule";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import { buildSchedule } from "~/server/services/schedules/build";
import { placeNew } from "~/server/services/schedules/new-schedule";
import { patchedDefinition } from "~/server/services/schedules/patched";
import { pauseEndMs } from "~/server/services/schedules/toggle";

/** Everything is planned ahead: there is no second tier from which a schedule would have to be promoted. */
const ENDLESS_HORIZON_SECONDS = 1e12;
const ACTOR = "test";

/** An event that was just published. Times are epoch ms. */
export interface Fired {
  atMs: number;
  nominalMs: number;
  key: string;
  trigger: Trigger;
  schedule: Schedule;
}

/** The part of a ledger row that tests see. */
export type Unfired = Pick<
  Execution,
  "scheduledFor" | "scheduleId" | "scheduleName" | "topic" | "outcome" | "reason" | "note"
>;

/** An occurrence that is due at `atMs`. At one instant, higher ranks fire first. */
interface Due {
  atMs: number;
  rank: number;
  run: () => Fired | null;
}

interface Row {
  schedule: Schedule;
  plan: PlannedOccurrence[];
}

type Instance = InstanceInput & { scheduleId: string };

/** A manual run or a caught-up occurrence is decided after the planned ones, like in the catch-up lane. */
const CAUGHT_UP_RANK = -1;
/** The end of a pause decides which occurrences run. */
const PAUSE_END_RANK = 10;

/**
 * The schedules of an installation, with the domain's own rules, and a clock that moves only by `step`. Publishing
 * always succeeds. Its calls throw AppError.
 */
export function createSimulation(start: { nowMs: number; timezone: string }) {
  const settings = { ...DEFAULT_SETTINGS, timezone: start.timezone, immediateHorizonSeconds: ENDLESS_HORIZON_SECONDS };
  const rows = new Map<string, Row>();
  const instances: Instance[] = [];
  const unfired: Unfired[] = [];
  let nowMs = start.nowMs;
  let created = 0;
  let manualRuns = 0;

  function rowOf(scheduleId: string): Row {
    const row = rows.get(scheduleId);
    if (row === undefined) throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
    return row;
  }

  function requireFreeName(name: string | null, scheduleId: string): void {
    const holder = name === null ? undefined : [...rows.values()].find((row) => row.schedule.name === name);
    if (holder === undefined || holder.schedule.scheduleId === scheduleId) return;
    throw new AppError("name_taken", `Another schedule has the name "${name}".`, {
      faults: [{ field: "name", message: `"${name}" is taken`, expected: "a name that no other schedule has" }],
      details: { scheduleId: holder.schedule.scheduleId },
    });
  }

  function build(input: ScheduleInput, scheduleId: string, current?: Schedule): Schedule {
    const built = buildSchedule(input, {
      scheduleId,
      nowMs,
      settings,
      current,
      source: "api_request",
      sourceId: null,
      createdBy: ACTOR,
      scope: undefined,
      mayExpose: true,
      // An installation without payload schemas and without protected values.
      topicSchemas: { checkOf: () => null, refresh: async () => {} },
      protection: { of: () => null, encrypts: () => false, refresh: async () => {} },
    });
    requireFreeName(built.name, scheduleId);
    return built;
  }

  /** `max_runs` counts occurrences from the time at which it is set. */
  function withRuns(schedule: Schedule, added: number): Schedule {
    const runsTaken = schedule.maxRuns === null ? 0 : schedule.state.runsTaken + added;
    return { ...schedule, state: { ...schedule.state, runsTaken } };
  }

  function store(change: {
    schedule: Schedule;
    placement: Placement;
    executions?: readonly Execution[];
    instances?: readonly InstanceInput[];
  }): Schedule {
    const { placement, executions = [], instances: added = [] } = change;
    const schedule = withRuns(change.schedule, added.length);
    const { scheduleId } = schedule;
    unfired.push(...executions);
    if (schedule.state.deleted) rows.delete(scheduleId);
    else rows.set(scheduleId, { schedule, plan: placement.tier === "redis" ? [...placement.plan] : [] });
    instances.push(...added.map((instance) => ({ ...instance, scheduleId })));
    return schedule;
  }

  const changeOf = (scheduleId: string) => ({ current: rowOf(scheduleId).schedule, nowMs, actor: ACTOR, settings });

  function requireNotCompleted({ state }: Schedule): void {
    if (!state.completed) return;
    throw new AppError("conflict", "The schedule is completed, so it cannot be paused or resumed.");
  }

  function resume(scheduleId: string, missed?: MissedChoice): Schedule {
    const change = changeOf(scheduleId);
    if (change.current.enabled) return change.current;
    requireNotCompleted(change.current);
    return store(resumeChange({ ...change, missed }));
  }

  /** Everything that is planned, in no order. */
  function* planned(): Generator<Due> {
    for (const row of rows.values()) {
      const { enabled, pausedUntil, priority, scheduleId } = row.schedule;
      const [next] = row.plan;
      if (next !== undefined) yield { atMs: next.effectiveMs, rank: priority, run: () => firePlanned(row, next) };
      if (enabled || pausedUntil === null) continue;
      yield {
        atMs: pausedUntil,
        rank: PAUSE_END_RANK,
        run: () => {
          resume(scheduleId);
          return null;
        },
      };
    }
    for (const instance of instances) {
      const rank = instance.lane === "c" ? CAUGHT_UP_RANK : rowOf(instance.scheduleId).schedule.priority;
      yield { atMs: instance.effectiveMs, rank, run: () => fireInstance(instance) };
    }
  }

  function firePlanned(row: Row, time: PlannedOccurrence): Fired | null {
    const { schedule } = row;
    const { nominalMs } = time;
    if (isRecurring(schedule) && schedule.dstGap === "skip") {
      const spec = recurrenceOf(schedule);
      const sinceMs = schedule.plannedSince ?? schedule.createdAt;
      const gaps = [...skippedByDstBefore(spec, { nominalMs, sinceMs }), ...skippedByDstAtEnd(spec, nominalMs)];
      unfired.push(...gapRows(schedule, gaps, nowMs));
    }
    row.plan.shift();
    row.schedule = withRuns(schedule, 1);
    if (row.plan.length === 0 && isRecurring(schedule)) {
      const left = runsLeft(row.schedule, 0);
      row.plan = planAfter({ schedule, afterMs: nominalMs, nowMs, horizonMs: Number.MAX_VALUE, runsLeft: left }).near;
    }
    row.schedule.state.nextExecution = row.plan[0]?.nominalMs ?? null;
    row.schedule.state.completed = row.plan.length === 0;
    return decide(row, { ...time, key: occurrenceKey(schedule.scheduleId, nominalMs), trigger: "schedule" });
  }

  function fireInstance(instance: Instance): Fired | null {
    instances.splice(instances.indexOf(instance), 1);
    const row = rows.get(instance.scheduleId);
    return row === undefined ? null : decide(row, instance);
  }

  function decide(row: Row, one: PlannedOccurrence & { key: string; trigger: Trigger }): Fired | null {
    const { schedule } = row;
    const isPlanned = one.trigger !== "manual";
    const { effectiveMs } = one;
    const decision = decideFiring({ schedule, effectiveMs, nowMs, planned: isPlanned, deleted: false });
    const outcome: Outcome = decision.do === "publish" ? "succeeded" : "expired";
    const { state } = schedule;
    state.lastExecution = nowMs;
    state.lastStatus = outcome;
    state.revision += 1;
    if (outcome === "succeeded") {
      state.executionCount += 1;
      return { atMs: nowMs, nominalMs: one.nominalMs, key: one.key, trigger: one.trigger, schedule };
    }
    state.errorCount += 1;
    const { scheduleId, name, topic } = schedule;
    const of = { scheduledFor: one.nominalMs, scheduleId, scheduleName: name, topic };
    unfired.push({ ...of, outcome, reason: "max_delay", note: null });
    return null;
  }

  return {
    now: () => nowMs,
    unfired: (): readonly Unfired[] => unfired,
    get: (scheduleId: string) => rowOf(scheduleId).schedule,
    create(input: ScheduleInput): Schedule {
      created += 1;
      // The same calls give the same ids, and so the same jitter.
      const schedule = build(input, sourceScheduleId("test", String(created)));
      return store(placeNew({ schedule, nowMs, settings }));
    },
    update(scheduleId: string, patch: ScheduleInput): Schedule {
      const change = changeOf(scheduleId);
      const built = build(patchedDefinition(change.current, patch), scheduleId, change.current);
      return store(decideEdit({ ...change, built }));
    },
    delete: (scheduleId: string) => store(deleteChange(changeOf(scheduleId))),
    pause(scheduleId: string, why: { note?: string; until?: number }): Schedule {
      const change = changeOf(scheduleId);
      requireNotCompleted(change.current);
      return store(pauseChange({ ...change, note: why.note ?? null, untilMs: pauseEndMs(why.until, nowMs) }));
    },
    resume,
    runNow(scheduleId: string): { executionId: string; wasPaused: boolean } {
      const { schedule } = rowOf(scheduleId);
      manualRuns += 1;
      const key = manualKey(scheduleId, sourceScheduleId("test", `run ${manualRuns}`));
      const times = { nominalMs: nowMs, effectiveMs: nowMs };
      instances.push({ key, ...times, trigger: "manual", actor: ACTOR, lane: null, scheduleId });
      return { executionId: eventId(key), wasPaused: !schedule.enabled };
    },
    /**
     * Moves the clock to the next time at which something is due, up to `untilMs`, and decides one occurrence. Returns
     * the published event, null for none, or `end` if nothing more is due: then the clock is at `untilMs`.
     */
    step(untilMs: number): Fired | null | "end" {
      let first: Due | null = null;
      for (const due of planned()) {
        if (due.atMs > untilMs) continue;
        const [atMs, firstAtMs] = [Math.max(due.atMs, nowMs), first === null ? 0 : Math.max(first.atMs, nowMs)];
        if (first === null || atMs < firstAtMs || (atMs === firstAtMs && due.rank > first.rank)) first = due;
      }
      nowMs = first === null ? Math.max(nowMs, untilMs) : Math.max(nowMs, first.atMs);
      return first === null ? "end" : first.run();
    },
    /** Whether anything is planned. */
    isIdle: () => planned().next().done === true,
  };
}

export type Simulation = ReturnType<typeof createSimulation>;
