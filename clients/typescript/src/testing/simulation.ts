import type { InstanceInput } from "~/server/domain/changes/change";
import { deleteChange, pauseChange, resumeChange } from "~/server/domain/changes/changes";
import { decideEdit } from "~/server/domain/changes/edit";
import type { MissedChoice } from "~/server/domain/changes/settle-missed";
import { AppError } from "~/server/domain/errors";
import type { Execution } from "~/server/domain/execution";
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
import { attemptToPublish, type DueOccurrence } from "./attempt";
import type { Failure } from "./failures";
import type { Due, Failed, Fired, Instance, Row, Unfired } from "./rows";

/** No schedule is due beyond this horizon, so the simulation needs no promotion from a second tier. */
const ENDLESS_HORIZON_SECONDS = 1e12;
const ACTOR = "test";

/** Occurrences of the catch-up lane are decided after the others of the same instant. */
const CAUGHT_UP_RANK = -1;
/** A pause ends before the occurrences of the same instant are decided, because its end may add some. */
const PAUSE_END_RANK = 10;

/**
 * Simulates the schedules of an installation with the rules of the domain. Only `step` moves the clock. `nextFailure`
 * decides whether an attempt fails. The calls throw AppError.
 */
export function createSimulation(start: {
  nowMs: number;
  timezone: string;
  nextFailure: (schedule: Schedule) => Failure | null;
}) {
  const settings = { ...DEFAULT_SETTINGS, timezone: start.timezone, immediateHorizonSeconds: ENDLESS_HORIZON_SECONDS };
  const rows = new Map<string, Row>();
  const instances: Instance[] = [];
  const unfired: Unfired[] = [];
  const failed: Failed[] = [];
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

  /** Counts occurrences for `max_runs`. The count starts when `max_runs` is set. */
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
    // Leaves out occurrences that wait for a retry: the retry decides their outcome.
    unfired.push(...executions.filter(({ key }) => !instances.some((waiting) => waiting.key === key)));
    if (schedule.state.deleted) rows.delete(scheduleId);
    else rows.set(scheduleId, { schedule, plan: placement.tier === "redis" ? [...placement.plan] : [] });
    instances.push(...added.map((instance) => ({ ...instance, schedule })));
    return schedule;
  }

  const changeOf = (scheduleId: string) => ({ current: rowOf(scheduleId).schedule, nowMs, actor: ACTOR, settings });

  function requireNotCompleted({ state }: Schedule): void {
    if (!state.completed) return;
    throw new AppError("conflict", "The schedule is completed, so it cannot be paused or resumed.");
  }

  const retriesOf = (scheduleId: string) =>
    instances.filter(({ schedule, retryAtMs }) => schedule.scheduleId === scheduleId && retryAtMs !== undefined);

  function requireNotInFlight(schedule: Schedule): void {
    const isWaiting = retriesOf(schedule.scheduleId).some(({ trigger }) => trigger === "schedule");
    if (isRecurring(schedule) || !isWaiting) return;
    throw new AppError("conflict", "The one-time schedule is in flight, so it can only be deleted.");
  }

  function resume(scheduleId: string, missed?: MissedChoice): Schedule {
    const change = changeOf(scheduleId);
    if (change.current.enabled) return change.current;
    requireNotCompleted(change.current);
    return store(resumeChange({ ...change, missed }));
  }

  /** The next occurrence of each plan, all instances and all ends of pauses, in no order. */
  function* dueItems(): Generator<Due> {
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
      const rank = instance.lane === "c" ? CAUGHT_UP_RANK : instance.schedule.priority;
      yield { atMs: instance.retryAtMs ?? instance.effectiveMs, rank, run: () => fireInstance(instance) };
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
    // A one-time schedule completes only with the outcome of its occurrence.
    if (isRecurring(schedule)) setNext(row);
    return decide(row, { ...time, key: occurrenceKey(schedule.scheduleId, nominalMs), trigger: "schedule" });
  }

  function setNext({ schedule: { state }, plan }: Row): void {
    state.nextExecution = plan[0]?.nominalMs ?? null;
    state.completed = plan.length === 0;
  }

  function fireInstance(instance: Instance): Fired | null {
    instances.splice(instances.indexOf(instance), 1);
    const row = rows.get(instance.schedule.scheduleId);
    if (row !== undefined) return decide(row, instance);
    addUnfired(instance.schedule, instance, { outcome: "cancelled", reason: "deleted" });
    return null;
  }

  function addUnfired(
    { scheduleId, name, topic }: Schedule,
    due: DueOccurrence,
    end: Pick<Unfired, "outcome" | "reason"> & { failure?: Failure | null },
  ): void {
    const { nominalMs: scheduledFor, key, attempts = [] } = due;
    const { outcome, reason, failure } = end;
    const ids = { scheduledFor, scheduleId, scheduleName: name, topic, executionId: eventId(key) };
    const last = { error: failure?.message ?? null, errorClass: failure?.error_class ?? null };
    unfired.push({ ...ids, outcome, reason, note: null, attempts: [...attempts], ...last });
  }

  function decide(row: Row, due: DueOccurrence & Pick<Partial<Instance>, "lane" | "actor">): Fired | null {
    const { schedule } = row;
    const { nominalMs, key, trigger, attempts: earlier = [] } = due;
    const result = attemptToPublish({ schedule, due, nowMs, nextFailure: start.nextFailure });
    const attempt = earlier.length + 1;
    if (result.do !== "publish" && result.failure !== null) {
      const retryAtMs = result.do === "retry" ? result.atMs : null;
      failed.push({ atMs: nowMs, nominalMs, key, attempt, schedule, failure: result.failure, retryAtMs });
    }
    if (result.do === "retry") {
      const { attempts, atMs: retryAtMs } = result;
      const { effectiveMs, actor = null, lane = null } = due;
      instances.push({ key, nominalMs, effectiveMs, trigger, actor, lane, schedule, attempts, retryAtMs });
      return null;
    }
    const { state } = schedule;
    const outcome: Outcome = result.do === "publish" ? "succeeded" : result.outcome;
    state.lastExecution = nowMs;
    state.lastStatus = outcome;
    state.lastError = result.do === "publish" ? null : (result.failure?.message ?? null);
    state.revision += 1;
    if (!isRecurring(schedule) && trigger === "schedule") setNext(row);
    state.executionCount += 1;
    if (result.do === "publish") return { atMs: nowMs, nominalMs, key, attempt, schedule, trigger };
    if (outcome === "dead") state.errorCount += 1;
    addUnfired(schedule, { ...due, attempts: result.attempts }, result);
    return null;
  }

  return {
    now: () => nowMs,
    unfired: (): readonly Unfired[] => unfired,
    failed: (): readonly Failed[] => failed,
    all: (): Schedule[] => [...rows.values()].map(({ schedule }) => schedule),
    get: (scheduleId: string) => rowOf(scheduleId).schedule,
    create(input: ScheduleInput): Schedule {
      created += 1;
      // Each test gets the same ids, and therefore the same jitter.
      const schedule = build(input, sourceScheduleId("test", String(created)));
      return store(placeNew({ schedule, nowMs, settings }));
    },
    update(scheduleId: string, patch: ScheduleInput): Schedule {
      const change = changeOf(scheduleId);
      requireNotInFlight(change.current);
      const built = build(patchedDefinition(change.current, patch), scheduleId, change.current);
      return store(decideEdit({ ...change, built }));
    },
    delete(scheduleId: string): Schedule {
      const change = changeOf(scheduleId);
      // A delete cancels the waiting occurrence of a one-time schedule at once.
      if (!isRecurring(change.current)) for (const waiting of retriesOf(scheduleId)) waiting.retryAtMs = nowMs;
      return store(deleteChange(change));
    },
    pause(scheduleId: string, why: { note?: string; until?: number }): Schedule {
      const change = changeOf(scheduleId);
      requireNotCompleted(change.current);
      requireNotInFlight(change.current);
      return store(pauseChange({ ...change, note: why.note ?? null, untilMs: pauseEndMs(why.until, nowMs) }));
    },
    resume,
    runNow(scheduleId: string): { executionId: string; wasPaused: boolean } {
      const { schedule } = rowOf(scheduleId);
      manualRuns += 1;
      const key = manualKey(scheduleId, sourceScheduleId("test", `run ${manualRuns}`));
      const times = { nominalMs: nowMs, effectiveMs: nowMs };
      instances.push({ key, ...times, trigger: "manual", actor: ACTOR, lane: null, schedule });
      return { executionId: eventId(key), wasPaused: !schedule.enabled };
    },
    /**
     * Moves the clock to the next due occurrence or end of a pause, and decides it. Returns the published event,
     * or null if none was published. If nothing is due by `untilMs`, moves the clock there and returns `end`.
     */
    step(untilMs: number): Fired | null | "end" {
      let first: Due | null = null;
      for (const due of dueItems()) {
        if (due.atMs > untilMs) continue;
        const [atMs, firstAtMs] = [Math.max(due.atMs, nowMs), first === null ? 0 : Math.max(first.atMs, nowMs)];
        if (first === null || atMs < firstAtMs || (atMs === firstAtMs && due.rank > first.rank)) first = due;
      }
      nowMs = first === null ? Math.max(nowMs, untilMs) : Math.max(nowMs, first.atMs);
      return first === null ? "end" : first.run();
    },
  };
}

export type Simulation = ReturnType<typeof createSimulation>;
