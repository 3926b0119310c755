import type { StoredExecution } from "~/server/domain/execution";
import { eventId, replayedKey } from "~/server/domain/ids";
import type { ExecutionRow, ExecutionView, ScheduleContent } from "~/server/domain/views";
import { iso, isoOrNull } from "../schedules/view";

/** Converts to a row of a list. Omits the attempts, the content and fields that no list shows. */
export function executionRow(execution: StoredExecution): ExecutionRow {
  const { attempts, payload: _p, headers: _h, enteredRedisAt: _e, outcome, key: _k, ...shown } = execution;
  const { rawValue: _r, actorType: _t, actorId: _i, ...rest } = shown;
  return {
    ...rest,
    status: outcome,
    scheduledFor: iso(execution.scheduledFor),
    effectiveAt: iso(execution.effectiveAt),
    firedAt: isoOrNull(execution.firedAt),
    endedAt: iso(execution.endedAt),
    attemptCount: attempts.length,
  };
}

/** Returns the id of the original execution of a replay; null if the key is not that of a replay. */
export function replayOf(key: string): string | null {
  const original = replayedKey(key);
  return original === null ? null : eventId(original);
}

/** Omits the content, and the fields that are computed from other rows. */
export function executionView(
  execution: StoredExecution,
): Omit<ExecutionView, "contentFrom" | "lineage" | keyof ScheduleContent> {
  return {
    ...executionRow(execution),
    key: execution.key,
    dueAt: null,
    actorType: execution.actorType,
    actorId: execution.actorId,
    replayOf: replayOf(execution.key),
    attempts: execution.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
  };
}
