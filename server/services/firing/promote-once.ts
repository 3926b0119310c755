import { nearOccurrences } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { planEach, promoteEach } from "./unplannable";

export interface PromotionReport {
  listed: number;
  promoted: number;
  /** Redis already has the schedule. */
  present: number;
  /** Redis has a fence of a newer revision or of a deletion. */
  fenced: number;
  /** Schedules whose times cannot be computed or that cannot be encoded: quarantined and, if possible, paused. */
  refused: number;
  tookMs: number;
}

/** Maximum number of new schedules per query. */
const PAGE = 1000;
/** Maximum number of queries in one cycle. The next cycle promotes the rest. */
const MAX_PAGES = 50;

/**
 * Moves long-term schedules that are overdue or due within `TRANSFER_HORIZON_SECONDS` to Redis, soonest first.
 * Idempotent, also if cycles overlap: Redis refuses a schedule that it has, or of which it has a fence that is newer or
 * of a deletion.
 */
export async function promoteOnce(deps: Deps): Promise<PromotionReport> {
  const started = performance.now();
  const report = { listed: 0, promoted: 0, present: 0, fenced: 0, refused: 0, tookMs: 0 };
  const settings = deps.settings.current();
  const nowMs = await deps.hot.now();
  const beforeMs = nowMs + settings.transferHorizonSeconds * 1000;
  const horizonMs = Math.max(settings.immediateHorizonSeconds, settings.transferHorizonSeconds) * 1000;
  const seenIds = new Set<string>();
  for (let page = 0; page < MAX_PAGES; page += 1) {
    // The query returns promoted rows until the recorder has written their new tier, so the limit includes them. One
    // more row tells whether there is a next page.
    const limit = PAGE + seenIds.size + 1;
    const rows = await deps.store.dueForPromotion({ beforeMs, limit });
    const fresh = rows.filter((row) => !seenIds.has(row.scheduleId)).slice(0, PAGE);
    for (const row of fresh) seenIds.add(row.scheduleId);
    report.listed += fresh.length;
    const step = "promote";
    const plan = (schedule: Schedule) => nearOccurrences(schedule, { nowMs, horizonMs });
    const planned = await planEach(deps, { schedules: fresh, step, plan });
    report.refused += fresh.length - planned.length;
    for (const result of await promoteEach(deps, { rows: planned, step })) report[result] += 1;
    if (rows.length < limit) break;
  }
  report.tookMs = performance.now() - started;
  return report;
}
