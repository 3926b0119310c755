import { type LastPause, lastPauses, PAUSE_VERBS } from "~/server/domain/audit/pauses";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { LATEST_MS } from "~/server/domain/instant";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import type { LastPausesInput } from "./inputs";
import { readAudit } from "./read";

/** Maximum number of entries to read. */
const MAX_ENTRIES = 500;

/**
 * For each given schedule that was paused since `from`, returns its last pause, ended or not. Reads only the newest
 * `MAX_ENTRIES` entries.
 */
export async function listLastPauses(call: { ctx: Ctx; input: LastPausesInput }): Promise<LastPause[]> {
  requireRight(call.ctx, "schedules:read");
  const { scheduleIds, from } = call.input;
  const filter = { verbs: PAUSE_VERBS, targets: scheduleIds, result: SUCCEEDED, fromMs: from, toMs: LATEST_MS };
  const { entries } = await readAudit(call.ctx.deps, { ...filter, limit: MAX_ENTRIES });
  return lastPauses(entries);
}
