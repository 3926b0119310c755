import type { StoredExecution } from "~/server/domain/execution";
import { eventId, replayedKey } from "~/server/domain/ids";
import { headersView } from "~/server/domain/message-headers";
import type { ExecutionRow, ExecutionView } from "~/server/domain/views";
import { iso, isoOrNull, payloadJson } from "../schedules/view";

/** A ledger row for lists, without attempts, payload and headers. */
export function executionRow(execution: StoredExecution): ExecutionRow {
  const { attempts, payload: _p, headers: _h, enteredRedisAt: _e, outcome, key: _k, ...rest } = execution;
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

/** The id of the execution whose replay has this key; null if it is no replay. */
export function replayOf(key: string): string | null {
  const original = replayedKey(key);
  return original === null ? null : eventId(original);
}

/** A whole ledger row. */
export function executionView(execution: StoredExecution): ExecutionView {
  return {
    ...executionRow(execution),
    key: execution.key,
    replayOf: replayOf(execution.key),
    attempts: execution.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    payload: payloadJson(execution.payload),
    ...headersView(execution.headers),
  };
}
