import type { InstanceInput } from "~/server/domain/changes/change";
import { isDataFault } from "~/server/domain/data-fault";
import { eventId, occurrenceKey } from "~/server/domain/ids";
import { cancelledExecution } from "~/server/domain/ledger";
import { isRecurring, occurrencesOf } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { findSchedules } from "../schedules/current";
import { readWaiting } from "./waiting";

const PAGE = 1000;
/** Occurrences of one schedule that one look compares; more are looked at by the next one. */
const OCCURRENCES = 4000;
const UNFLUSHED_LIMIT = 10_000;
/** So long nobody else puts the same occurrence back. */
const HEALED_TTL_MS = 86_400_000;

export interface GapReport {
  schedules: number;
  occurrences: number;
  /** Had no outcome and no place in Redis, and were put back. */
  healed: number;
  /** As those, but somebody had put them back before, in vain. */
  unexplained: string[];
}

interface Gap {
  schedule: Schedule;
  key: string;
  /** How it is run again. */
  instance: InstanceInput;
  /** Where it is of an older version than its schedule is now. */
  versionNow?: number;
}

/**
 * Recomputes from the specs which occurrences of recurring schedules should have been decided within a time range, and
 * looks for each in the ledger, in Redis and on the way between. One that is nowhere was lost with a Redis that was
 * wiped while it waited for a retry; it is run as a caught-up one, or, where its schedule was deleted since, cancelled.
 */
export async function watchGaps(deps: Deps, range: { fromMs: number; toMs: number }): Promise<GapReport> {
  const report: GapReport = { schedules: 0, occurrences: 0, healed: 0, unexplained: [] };
  for await (const rows of deps.store.recurringTouchedSince({ sinceMs: range.fromMs })) {
    report.schedules += rows.length;
    const decided = await decidedOccurrences(deps, rows, range);
    report.occurrences += decided.length;
    for (const gap of await lost(deps, decided)) {
      if (await putBack(deps, gap)) report.healed += 1;
      else report.unexplained.push(gap.key);
    }
  }
  return report;
}

/**
 * What the plan has gone past: claimed, or decided by a catch-up. What it still stands before is not lost, however
 * late.
 */
async function decidedOccurrences(
  deps: Deps,
  rows: readonly Schedule[],
  range: { fromMs: number; toMs: number },
): Promise<Gap[]> {
  const hot = await deps.hot.getMany(rows.map((row) => row.scheduleId));
  const found: Gap[] = [];
  rows.forEach((row, i) => {
    const schedule = hot[i] ?? row;
    if (!isRecurring(schedule)) return;
    const planEndMs = decidedUntil(schedule);
    if (planEndMs === null) return;
    // Floored at the last change of its times: what was planned before it was of another plan.
    const afterMs = Math.max(range.fromMs, schedule.plannedSince ?? schedule.createdAt);
    const untilMs = Math.min(range.toMs, planEndMs);
    if (untilMs <= afterMs) return;
    for (const { nominalMs, effectiveMs } of plannedOf(deps, schedule, { afterMs, untilMs })) {
      const key = occurrenceKey(schedule.scheduleId, nominalMs);
      const how = { trigger: "catch_up", actor: "watchdog", lane: "c" } as const;
      found.push({ schedule, key, instance: { key, nominalMs, effectiveMs, ...how } });
    }
  });
  return found;
}

/** None of a schedule whose times cannot be computed: whoever plans it next puts it aside. */
function plannedOf(
  deps: Deps,
  schedule: Schedule & { cronExpression: string },
  range: { afterMs: number; untilMs: number },
) {
  try {
    return occurrencesOf(schedule, { ...range, limit: OCCURRENCES });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, scheduleId: schedule.scheduleId }, "a schedule's times cannot be computed");
    return [];
  }
}

/**
 * Up to where a schedule's occurrences have been taken out of its plan: by claims, or by its pause or delete. Null: not
 * known.
 */
function decidedUntil(schedule: Schedule): number | null {
  // Where its last run lay is not known: behind it nothing was planned.
  if (schedule.state.completed) return null;
  if (schedule.state.deleted) return schedule.pausedAt ?? schedule.updatedAt;
  if (!schedule.enabled) return schedule.pausedAt;
  const nextMs = schedule.state.nextExecution;
  return nextMs === null ? null : nextMs - 1;
}

/**
 * An occurrence goes from Redis through the outbox into the ledger. Looked for in this order, one that was decided
 * before and is found nowhere is lost; it cannot have been between two of them.
 */
async function lost(deps: Deps, decided: readonly Gap[]): Promise<Gap[]> {
  const without = async (gaps: readonly Gap[]) => {
    const settled = await deps.store.settledKeys(gaps.map((gap) => gap.key));
    return gaps.filter((gap) => !settled.has(gap.key));
  };
  const suspects = await without(decided);
  if (suspects.length === 0) return [];
  const waiting = await deps.hot.instances(suspects.map((gap) => gap.key));
  const unflushed = await deps.hot.unflushed({ limit: UNFLUSHED_LIMIT });
  // More is on its way than can be looked through: the next look decides.
  if (!unflushed.complete) return [];
  const onTheWay = new Set(unflushed.executions.map((row) => row.executionId));
  return without(suspects.filter((gap) => !waiting.has(gap.key) && !onTheWay.has(eventId(gap.key))));
}

/** Once only, whoever looks: two watchdogs may have found the same gap, and one of them long ago. */
async function putBack(deps: Deps, { schedule, key, instance, versionNow }: Gap): Promise<boolean> {
  if (!(await deps.marks.set({ kind: "healed", key }, HEALED_TTL_MS))) return false;
  if (schedule.state.deleted) {
    const nowMs = await deps.hot.now();
    const row = cancelledExecution({ schedule, time: instance, nowMs, actor: "watchdog" });
    await deps.hot.append("x", JSON.stringify({ ...row, key, executionId: eventId(key), trigger: instance.trigger }));
    return true;
  }
  await deps.hot.enqueue({ schedule, instance, versionNow });
  return true;
}

/**
 * The same for what was noted when it began to wait in Redis: also of plans that were changed since, and beside any
 * plan. It is run as it was then, of the version that it was of.
 */
export async function watchWaiting(deps: Deps, range: { fromMs: number }): Promise<Omit<GapReport, "schedules">> {
  const report = { occurrences: 0, healed: 0, unexplained: [] as string[] };
  let afterKey: string | undefined;
  for (;;) {
    const rows = await deps.store.waitingSince({ sinceMs: range.fromMs, afterKey, limit: PAGE });
    if (rows.length === 0) return report;
    afterKey = rows.at(-1)?.key;
    report.occurrences += rows.length;
    const noted = rows.flatMap((row) => readNoted(deps, row));
    for (const gap of await lost(deps, await asTheyAre(deps, noted))) {
      if (await putBack(deps, gap)) report.healed += 1;
      else report.unexplained.push(gap.key);
    }
  }
}

function readNoted(deps: Deps, row: { key: string; json: string }): Gap[] {
  try {
    return [{ ...readWaiting(row.json), key: row.key }];
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, key: row.key }, "a noted occurrence cannot be read");
    return [];
  }
}

/** With the state that their schedules have now: an old one would be taken for a change that came late. */
async function asTheyAre(deps: Deps, noted: readonly Gap[]): Promise<Gap[]> {
  const rows = await findSchedules(deps, [...new Set(noted.map(({ schedule }) => schedule.scheduleId))]);
  return noted.map((gap) => {
    const now = rows.get(gap.schedule.scheduleId);
    return now === undefined
      ? gap
      : { ...gap, schedule: { ...gap.schedule, state: now.state }, versionNow: now.version };
  });
}
