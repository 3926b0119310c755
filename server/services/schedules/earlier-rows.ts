import type { Schedule } from "~/server/domain/schedule";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { Deps } from "../ctx";
import { putEdit } from "./put-edit";

/** Ledger rows of one Lua call. */
const CHUNK = 5000;

/**
 * A change of a paused schedule with one call's worth of ledger rows at most. Rows beyond that are written first,
 * oldest first, each time with the moment from which on the schedule still misses: whoever finds it half done goes on
 * there. Throws as `putEdit`.
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
