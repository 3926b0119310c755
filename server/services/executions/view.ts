import type { StoredExecution } from "~/server/domain/execution";
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

/** A whole ledger row. */
export function executionView(execution: StoredExecution): ExecutionView {
  return {
    ...executionRow(execution),
    key: execution.key,
    attempts: execution.attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
    payload: payloadJson(execution.payload),
    ...headersView(execution.headers),
  };
}
