import type { Ctx } from "~/server/services/ctx";
import { createSchedule, deleteSchedule } from "~/server/services/schedules";
import type { LedgerRow } from "./compare";

const INTERVAL_MS = 1000;

/** A schedule that fires every second during the run and must not miss an occurrence. */
export interface Canary {
  readonly scheduleId: string;
  readonly sinceMs: number;
  /** Deletes the canary; returns the time up to which each second must have an occurrence, epoch ms. */
  stop(): Promise<number>;
}

export async function openCanary(ctx: Ctx, topic: string): Promise<Canary> {
  const definition = { topic, entityType: "canary", action: "beat", priority: 9, catchUp: { policy: "all" as const } };
  const { schedule } = await createSchedule({ ctx, input: { ...definition, cronExpression: "* * * * * *" } });
  const { scheduleId } = schedule;
  return {
    scheduleId,
    sinceMs: Date.now(),
    async stop() {
      const endMs = Date.now();
      await deleteSchedule({ ctx, input: { scheduleId } });
      // The occurrence of the last second may not have fired before the delete.
      return endMs - INTERVAL_MS;
    },
  };
}

export interface CanaryResult {
  expected: number;
  /** Start (epoch ms) of each second outside fault periods that has no success, or several. */
  wrongSeconds: number[];
  /** The greatest lateness of a success outside fault periods. */
  maxLatenessMs: number;
}

/**
 * Compares the canary's ledger rows with the seconds of the run. Seconds in a fault period (a fault and its recovery)
 * are not checked.
 */
export function canaryResult(
  ledger: readonly LedgerRow[],
  canary: { scheduleId: string; sinceMs: number; endMs: number },
  faultPeriods: readonly { fromMs: number; toMs: number }[] = [],
): CanaryResult {
  const found = new Map<number, number>();
  let maxLatenessMs = 0;
  // An occurrence of the second before a fault may still be in flight when the fault begins.
  const isInFault = (at: number) => faultPeriods.some(({ fromMs, toMs }) => at >= fromMs - INTERVAL_MS && at <= toMs);
  for (const row of ledger) {
    if (row.scheduleId !== canary.scheduleId || row.outcome !== "succeeded") continue;
    found.set(row.scheduledFor, (found.get(row.scheduledFor) ?? 0) + row.copies);
    if (!isInFault(row.scheduledFor)) maxLatenessMs = Math.max(maxLatenessMs, row.latenessMs);
  }
  const result: CanaryResult = { expected: 0, wrongSeconds: [], maxLatenessMs };
  for (let at = Math.ceil((canary.sinceMs + 1) / INTERVAL_MS) * INTERVAL_MS; at <= canary.endMs; at += INTERVAL_MS) {
    if (isInFault(at)) continue;
    result.expected += 1;
    if (found.get(at) !== 1) result.wrongSeconds.push(at);
  }
  return result;
}
