import type { Schedule } from "~/server/domain/schedule";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { putEdit } from "./put-edit";

/** Maximum number of ledger rows in one Lua call. */
const CHUNK_ROWS = 5000;

/**
 * Writes the oldest ledger rows of a change of a paused schedule in separate calls, if the change has more rows than
 * one Lua call can carry. Each call advances `pausedAt`, so that a retry after a crash continues there. Returns the
 * change with the remaining rows. Throws what `putEdit` throws.
 */
export async function writeExcessLedgerRows(deps: Deps, current: Schedule, put: PutInput): Promise<PutInput> {
  const rows = put.executions ?? [];
  if (current.enabled || rows.length <= CHUNK_ROWS) return put;
  let { revision } = current.state;
  let from = 0;
  for (; rows.length - from > CHUNK_ROWS; from += CHUNK_ROWS) {
    const chunk = rows.slice(from, from + CHUNK_ROWS);
    revision += 1;
    await putEdit(deps, {
      schedule: { ...current, pausedAt: chunk.at(-1)?.scheduledFor ?? null, state: { ...current.state, revision } },
      placement: { tier: "clickhouse", nextExecution: null },
      expectedVersion: current.version,
      executions: chunk,
    });
  }
  return { ...put, executions: rows.slice(from) };
}
