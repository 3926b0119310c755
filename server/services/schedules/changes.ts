import { cancelledExecutions, overdueExecutions } from "~/server/domain/ledger";
import { isRecurring } from "~/server/domain/plan";
import { PAST_GRACE_MS, type Schedule } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import type { PutInput } from "~/server/ports/hot/schedules";
import { place } from "./place";
import { type MissedChoice, missedRows, settleMissed } from "./settle-missed";

/** What every change needs: the row as it is, the time, who makes it, and the settings in force. */
interface Given {
  current: Schedule;
  nowMs: number;
  actor: string;
  settings: Settings;
}

function next(given: Given, changes: Partial<Schedule>): Schedule {
  const { current, nowMs } = given;
  const state = { ...current.state, revision: current.state.revision + 1 };
  return { ...current, ...changes, updatedAt: nowMs, version: current.version + 1, state };
}

/** A pause. A second one, for another note or end, does not forget what was missed before it. */
export function pausePut(given: Given & { note: string | null; untilMs: number | null }): PutInput {
  const { current, nowMs, actor, settings, note, untilMs } = given;
  const schedule = next(given, {
    enabled: false,
    pauseNote: note,
    pausedBy: actor,
    pausedAt: current.pausedAt ?? nowMs,
    pausedUntil: untilMs,
  });
  const executions = isRecurring(current)
    ? overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason: "paused", actor, note })
    : [];
  return { ...place({ schedule, afterMs: nowMs, nowMs, settings }), expectedVersion: current.version, executions };
}

/** A resume, with what becomes of the missed: see `settleMissed`. */
export function resumePut(given: Given & { missed: MissedChoice | undefined }): PutInput {
  const { current, nowMs, actor, settings, missed } = given;
  const schedule = next(given, {
    enabled: true,
    pauseNote: null,
    pausedBy: null,
    pausedAt: null,
    pausedUntil: null,
    plannedSince: nowMs,
  });
  const { afterMs, executions, instances } = settleMissed({ schedule: current, nowMs, missed, actor });
  const placed = place({ schedule, afterMs, nowMs, settings, caughtUp: instances.length });
  return { ...placed, expectedVersion: current.version, executions, instances };
}

/** A delete: the history stays, and what was due, or was missed in a pause, has its row. */
export function deletePut(given: Given): PutInput {
  const { current, nowMs, actor } = given;
  const schedule = next(given, {});
  return {
    schedule: { ...schedule, state: { ...schedule.state, tier: "clickhouse", deleted: true, nextExecution: null } },
    placement: { tier: "clickhouse", nextExecution: null },
    expectedVersion: current.version,
    executions: [
      ...missedRows({ schedule: current, nowMs, actor }),
      ...cancelledExecutions({ schedule: current, nowMs, actor }),
    ],
  };
}

/** Other tags; its times go on where they stood. */
export function retagPut(given: Given & { tags: string[] }): PutInput {
  const { current, nowMs, settings, tags } = given;
  const planned = current.state.nextExecution;
  const recurringAfter = planned === null ? nowMs : planned - 1;
  const afterMs = isRecurring(current) ? recurringAfter : nowMs - PAST_GRACE_MS - 1;
  const placed = place({ schedule: next(given, { tags }), afterMs, nowMs, settings });
  return { ...placed, expectedVersion: current.version };
}
