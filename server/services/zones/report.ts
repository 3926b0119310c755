import { z } from "zod";
import { zonesInUse } from "~/server/domain/recurrence";
import type { TimeZonesView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";

export const TimeZonesInput = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
export type TimeZonesInput = z.infer<typeof TimeZonesInput>;

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** Returns the tz database of this process, the last applied version, and the occurrences that this version moved. */
export async function getTimeZones(call: { ctx: Ctx; input: TimeZonesInput }): Promise<TimeZonesView> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const { store } = deps;
  const { version, source } = zonesInUse();
  const last = await store.lastZoneVersion();
  const moves = last === null ? [] : await store.zoneMoves({ version: last.version, limit: call.input.limit });
  return {
    version,
    source,
    applied: last && {
      version: last.version,
      previous: last.previous,
      source: last.source,
      appliedAt: new Date(last.appliedAtMs).toISOString(),
      // With a scope, the numbers of all schedules are not shown.
      checked: deps.scope === undefined ? last.checked : moves.length,
      moved: deps.scope === undefined ? last.moved : moves.length,
    },
    moves: moves.map(({ runs, ...schedule }) => ({
      ...schedule,
      runs: runs.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) })),
    })),
  };
}
