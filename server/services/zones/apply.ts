import { auditName } from "~/server/domain/audit/audit-name";
import { placeSchedule } from "~/server/domain/changes/place-schedule";
import { dstSkippedRowsUntil } from "~/server/domain/ledger";
import { isRecurring, nearOccurrences, recurrenceOf } from "~/server/domain/plan";
import {
  collectSnapshot,
  type MovedRun,
  type MovedZones,
  movedRuns,
  movedZone,
  openSnapshot,
  type ZoneDatabase,
  type ZoneSnapshot,
  zonesInUse,
} from "~/server/domain/recurrence";
import type { Schedule } from "~/server/domain/schedule";
import type { PutInput } from "~/server/ports/hot/schedules";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import { type AuditDocument, auditDocument } from "../audit";
import type { Deps } from "../ctx";
import { listWorkers } from "../monitoring/workers";
import { findSchedules } from "../newest-schedules";
import { SYSTEM_PRINCIPAL } from "../principal";

const LOCK_MS = 120_000;
const YEAR_MS = 366 * 86_400_000;
/** How far ahead occurrences are compared, ms. */
const COMPARED_MS = 2 * YEAR_MS;
/** Maximum number of moved occurrences to report for one schedule. */
const RUNS_NAMED = 5;
/** Maximum number of schedules in the log whose occurrences move. ClickHouse has all of them. */
const MAX_LOGGED = 1000;
/** Maximum number of attempts to replan a schedule that somebody else edits at the same time. */
const MAX_TRIES = 3;
const UNFLUSHED_LIMIT = 10_000;

export interface ZonesApplied {
  version: string;
  /** Null at the first start of the installation. */
  previous: string | null;
  /**
   * The number of recurring schedules in zones whose rules have changed; at the first start, of all recurring
   * schedules.
   */
  checked: number;
  /** The number of checked schedules whose occurrences move. */
  moved: number;
}

/**
 * Replans schedules after a change of the tz database, and records which occurrences move. Returns null if this version
 * was applied last, or another process applies it. The version is stored last, so that a crash repeats the replan.
 *
 * A worker with an older version does nothing while a worker with the applied version is alive, so that two versions do
 * not alternate.
 */
export async function applyZones(deps: Deps): Promise<ZonesApplied | null> {
  if (!(await isDue(deps))) return null;
  const lock = deps.locks("zones", LOCK_MS);
  if (!(await lock.hold())) return null;
  const renewal = setInterval(() => void lock.hold().catch(() => undefined), LOCK_MS / 4);
  try {
    return (await isDue(deps)) ? await apply(deps) : null;
  } finally {
    clearInterval(renewal);
    await lock.release();
  }
}

async function isDue(deps: Deps): Promise<boolean> {
  const { version } = zonesInUse();
  const last = await deps.store.lastZoneVersion();
  if (last === null) return true;
  if (last.version === version) return false;
  if (last.version < version) return true;
  const workers = await listWorkers(deps);
  return !workers.some((worker) => worker.alive && worker.tzdata?.version === last.version);
}

async function apply(deps: Deps): Promise<ZonesApplied> {
  const database = zonesInUse();
  const nowMs = await deps.hot.now();
  const last = await deps.store.lastZoneVersion();
  const moved = last === null ? null : await findMovedZones(openSnapshot(last.rules), database, nowMs);
  const report: ZonesApplied = { version: database.version, previous: last?.version ?? null, checked: 0, moved: 0 };
  for await (const ids of candidates(deps, moved === null ? null : [...moved.keys()])) {
    const moves = await replan(deps, ids, { nowMs, moved });
    report.checked += ids.length;
    for (const { schedule, runs } of moves) {
      if (report.moved < MAX_LOGGED) logMove(deps, schedule, runs);
      report.moved += 1;
    }
    await deps.store.insertZoneMoves({
      version: database.version,
      atMs: nowMs,
      rows: moves.map(({ schedule, runs }) => ({
        scheduleId: schedule.scheduleId,
        name: schedule.name,
        timezone: schedule.timezone,
        cronExpression: schedule.cronExpression ?? "",
        runs,
      })),
    });
  }
  const { version, source } = database;
  const rules = await takeSnapshot(database, nowMs - YEAR_MS);
  await deps.store.insertZoneVersion({ ...report, source, appliedAtMs: nowMs, rules });
  deps.log.info({ ...report, source }, `time zone rules ${version} applied`);
  return report;
}

/** Returns the zones whose rules for the next ten years differ between the databases. */
async function findMovedZones(before: ZoneDatabase, after: ZoneDatabase, nowMs: number): Promise<MovedZones> {
  const yieldIfDue = createYielder();
  const found: MovedZones = new Map();
  for (const name of after.names) {
    const zones = movedZone(name, { before, after, fromMs: nowMs, untilMs: nowMs + 10 * YEAR_MS });
    if (zones !== null) found.set(name.toLowerCase(), zones);
    const turn = yieldIfDue();
    if (turn) await turn;
  }
  return found;
}

async function takeSnapshot(database: ZoneDatabase, fromMs: number): Promise<ZoneSnapshot> {
  const yieldIfDue = createYielder();
  const collected = collectSnapshot(database, fromMs);
  for (const name of database.names) {
    collected.add(name);
    const turn = yieldIfDue();
    if (turn) await turn;
  }
  return collected.snapshot();
}

function logMove(
  deps: Deps,
  { scheduleId, name, timezone, cronExpression }: Schedule,
  runs: readonly MovedRun[],
): void {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const named = runs.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) }));
  deps.log.info(
    { scheduleId, name, timezone, cron: cronExpression, runs: named },
    "new time zone rules moved occurrences",
  );
}

/** Yields pages of the ids of recurring schedules in these zones, or in all zones if `zones` is null. */
async function* candidates(deps: Deps, zones: readonly string[] | null): AsyncGenerator<string[]> {
  if (zones?.length === 0) return;
  const wanted = zones === null ? null : new Set(zones.map((zone) => zone.toLowerCase()));
  const seen = new Set<string>();
  for await (const rows of deps.store.recurringOfZones({ zones })) {
    const ids = rows.map((row) => row.scheduleId);
    for (const id of ids) seen.add(id);
    yield ids;
  }
  const { schedules } = await deps.hot.unflushed({ limit: UNFLUSHED_LIMIT });
  const more = schedules.filter(
    (row) => isRecurring(row) && !seen.has(row.scheduleId) && (wanted?.has(row.timezone.toLowerCase()) ?? true),
  );
  if (more.length > 0) yield more.map((row) => row.scheduleId);
}

interface Move {
  schedule: Schedule;
  runs: MovedRun[];
}

async function replan(
  deps: Deps,
  ids: readonly string[],
  context: { nowMs: number; moved: MovedZones | null },
): Promise<Move[]> {
  const moves = new Map<string, Move>();
  let left: readonly string[] = ids;
  for (let attempt = 0; attempt < MAX_TRIES && left.length > 0; attempt += 1) {
    const puts: PutInput[] = [];
    for (const schedule of (await findSchedules(deps, left)).values()) {
      const { state, enabled } = schedule;
      if (!isRecurring(schedule) || state.deleted || state.completed || !enabled) continue;
      const put = replanChange(deps, schedule, context.nowMs);
      const runs = runsOf(schedule, put, context);
      if (runs.length > 0) moves.set(schedule.scheduleId, { schedule, runs });
      if (isPlanChanged(schedule, put, { ...context, runs })) puts.push(put);
    }
    const results = await deps.hot.putMany(puts);
    left = puts.filter((_, i) => results[i]?.status === "stale").map((put) => put.schedule.scheduleId);
  }
  if (left.length > 0)
    throw new Error(`Could not replan ${left.length} schedules: each was edited ${MAX_TRIES} times meanwhile.`);
  return [...moves.values()];
}

/**
 * Builds the edit that replans a schedule. An occurrence whose nominal time has passed stays in the plan, due after its
 * jitter. If it is overdue, the catch-up policy decides about it.
 */
function replanChange(deps: Deps, current: Schedule & { cronExpression: string }, nowMs: number): PutInput {
  const edited: Schedule = {
    ...current,
    plannedSince: nowMs,
    version: current.version + 1,
    state: { ...current.state, revision: current.state.revision + 1 },
  };
  const settings = deps.settings.current();
  const { nextExecution } = current.state;
  const common = {
    expectedVersion: current.version,
    executions: dstSkippedRowsUntil(current, nowMs),
    documents: [replanEntry(deps, { current, edited })],
  };
  if (nextExecution === null || nextExecution > nowMs) {
    return { ...placeSchedule({ schedule: edited, afterMs: nowMs, nowMs, settings }), ...common };
  }
  return {
    schedule: { ...edited, state: { ...edited.state, tier: "redis", completed: false } },
    placement: {
      tier: "redis",
      plan: nearOccurrences(edited, { nowMs, horizonMs: settings.immediateHorizonSeconds * 1000 }),
    },
    ...common,
  };
}

function replanEntry(deps: Deps, { current, edited }: { current: Schedule; edited: Schedule }): AuditDocument {
  const ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "time-zones" };
  return auditDocument(ctx, {
    action: "schedule.edit",
    target: current.scheduleId,
    targetName: auditName(current),
    note: `Replanned by the time zone database ${zonesInUse().version}`,
    before: { version: current.version, plannedSince: current.plannedSince },
    after: { version: edited.version, plannedSince: edited.plannedSince },
  });
}

function runsOf(
  schedule: Schedule & { cronExpression: string },
  put: PutInput,
  { nowMs, moved }: { nowMs: number; moved: MovedZones | null },
): MovedRun[] {
  const [fromMs, toMs] = [schedule.state.nextExecution, put.schedule.state.nextExecution];
  // Without the old rules, only the planned occurrence is known.
  if (moved === null) return fromMs === toMs ? [] : [{ fromMs, toMs }];
  const zones = moved.get(schedule.timezone.toLowerCase());
  if (zones === undefined) return [];
  const range = { fromMs: nowMs, untilMs: nowMs + COMPARED_MS, limit: RUNS_NAMED };
  return movedRuns({ spec: recurrenceOf(schedule), ...zones, ...range });
}

/** Whether the stored plan differs from the plan by the new rules. */
function isPlanChanged(
  schedule: Schedule,
  put: PutInput,
  context: { nowMs: number; runs: readonly MovedRun[] },
): boolean {
  if (schedule.state.nextExecution !== put.schedule.state.nextExecution) return true;
  const [firstMove] = context.runs;
  const lastPlanned = put.placement.tier === "redis" ? put.placement.plan.at(-1) : undefined;
  if (firstMove === undefined || lastPlanned === undefined) return false;
  // A moved occurrence within the plan requires a write too, even if the next occurrence does not move.
  return [firstMove.fromMs, firstMove.toMs].some((ms) => ms !== null && ms <= lastPlanned.nominalMs);
}
