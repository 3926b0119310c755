import type { Schedule } from "~/server/domain/schedule";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { putEdit } from "./put-edit";

/** Most ledger rows of one Lua call. */
const CHUNK = 5000;

/**
 * Limits a change of a paused schedule to the ledger rows that one call carries. Writes the rest first, oldest first,
 * and advances `pausedAt` each time, so that a retry after a crash continues there. Throws what `putEdit` throws.
 */
export async function withoutEarlier(deps: Deps, current: Schedule, put: PutInput): Promise<PutInput> {
  const rows = put.executions ?? [];
  if (current.enabled || rows.length <= CHUNK) return put;
  let { revision } = current.state;
  let from = 0;
  for (; rows.length - from > CHUNK; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK);
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
