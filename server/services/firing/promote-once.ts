import { isRecurring, PLAN_AHEAD, planAfter, runsLeft } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { planEach, promoteEach } from "./unplannable";

export interface PromotionReport {
  listed: number;
  promoted: number;
  /** Redis had it already, or knew a newer revision. */
  present: number;
  fenced: number;
  /** Their times cannot be computed: paused, and put into the quarantine. */
  refused: number;
  tookMs: number;
}

const PAGE = 1000;
/** Bounds one cycle; what is left comes in the next, which starts at once. */
const MAX_PAGES = 50;

/**
 * Long-term schedules that are due within `TRANSFER_HORIZON_SECONDS` move to Redis, soonest first, past-due ones
 * included. A second cycle beside this one, or a crash in the middle, queues nothing twice: Redis refuses what it has
 * or knows better.
 */
export async function promoteOnce(deps: Deps): Promise<PromotionReport> {
  const started = performance.now();
  const report = { listed: 0, promoted: 0, present: 0, fenced: 0, refused: 0, tookMs: 0 };
  const settings = deps.settings.current();
  const nowMs = await deps.hot.now();
  const beforeMs = nowMs + settings.transferHorizonSeconds * 1000;
  const horizonMs = Math.max(settings.immediateHorizonSeconds, settings.transferHorizonSeconds) * 1000;
  const done = new Set<string>();
  for (let page = 0; page < MAX_PAGES; page += 1) {
    // The rows just promoted say "clickhouse" until the recorder has written their new tier. One more says whether
    // there is a next page.
    const limit = PAGE + done.size + 1;
    const rows = await deps.store.dueForPromotion({ beforeMs, limit });
    const fresh = rows.filter((row) => !done.has(row.scheduleId)).slice(0, PAGE);
    for (const row of fresh) done.add(row.scheduleId);
    report.listed += fresh.length;
    const step = "promote";
    const plan = (schedule: Schedule) => planOf(schedule, { nowMs, horizonMs });
    const planned = await planEach(deps, { schedules: fresh, step, plan });
    report.refused += fresh.length - planned.length;
    for (const result of await promoteEach(deps, { rows: planned, step })) report[result] += 1;
    if (rows.length < limit) break;
  }
  report.tookMs = performance.now() - started;
  return report;
}

/** From its next planned nominal on, that one included however late it is. */
export function planOf(schedule: Schedule, given: { nowMs: number; horizonMs: number }) {
  const fromMs = schedule.state.nextExecution;
  if (fromMs === null) return [];
  const { near } = planAfter({ schedule, afterMs: fromMs - 1, ...given, runsLeft: runsLeft(schedule, 0) });
  const isNear = fromMs <= given.nowMs + given.horizonMs;
  if (!isNear || !isRecurring(schedule) || near[0]?.nominalMs === fromMs) return near;
  // Planned by another version of the time zone rules: what was planned is not lost.
  return [{ nominalMs: fromMs, effectiveMs: fromMs }, ...near.slice(0, PLAN_AHEAD - 1)];
}
