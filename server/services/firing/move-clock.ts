import type { Deps } from "../ctx";
import { endPauses } from "./end-pauses";
import { promoteOnce } from "./promote-once";

/** While the clock does not move. */
const IDLE_PAUSE_MS = 20;
/** While an occurrence is published or recorded. */
const STEP_PAUSE_MS = 2;

/**
 * Moves the virtual clock to its target, from one due time to the next, so that each occurrence is published at its own
 * time and none is missed. Only one mover may run.
 */
export function createClockMover(deps: Deps) {
  /** Everything that is due until this time is in Redis. */
  let promotedUntilMs = Number.NEGATIVE_INFINITY;

  /** The next time at which something happens, epoch ms. */
  async function nextMs(nowMs: number, targetMs: number): Promise<number> {
    const pauses = (await deps.hot.pauses()).filter((pause) => pause !== null);
    const ends = pauses.flatMap(({ untilMs }) => (untilMs === null ? [] : [untilMs]));
    const due = await deps.hot.upcoming({ limit: 1 });
    const times = [...ends, ...due.map(({ effectiveMs }) => effectiveMs), await deps.pauseEnds.firstEnd()];
    return Math.min(targetMs, ...times.filter((ms) => ms !== null && ms > nowMs).map(Number));
  }

  /** Makes one step. Returns the pause before the next, ms. */
  return async function step(): Promise<number> {
    const { hot, virtualClock: clock } = deps;
    const targetMs = (await clock?.target()) ?? null;
    if (clock === undefined || targetMs === null) return IDLE_PAUSE_MS;
    const { running, overdue, outboxDepth, nowMs } = await hot.stats();
    const isPaused = (await hot.pauses()).some((pause) => pause !== null && (pause.untilMs ?? Infinity) > nowMs);
    if (running > 0 || (overdue > 0 && !isPaused)) return STEP_PAUSE_MS;
    if (((await deps.pauseEnds.firstEnd()) ?? Infinity) <= nowMs) {
      await endPauses(deps);
      return 0;
    }
    // At the end, everything that was published is in the ledger.
    if (nowMs >= targetMs) {
      if (outboxDepth > 0) return STEP_PAUSE_MS;
      await clock.setTarget(null);
      return IDLE_PAUSE_MS;
    }
    const next = await nextMs(nowMs, targetMs);
    if (next <= promotedUntilMs) {
      await clock.moveTo(next);
      return 0;
    }
    // ClickHouse must have every change before it is asked for the schedules that are due.
    if (outboxDepth > 0) return STEP_PAUSE_MS;
    if (promotedUntilMs > nowMs && !(await clock.moveTo(promotedUntilMs))) return STEP_PAUSE_MS;
    await promoteOnce(deps);
    promotedUntilMs = (await hot.now()) + deps.settings.current().transferHorizonSeconds * 1000;
    return 0;
  };
}
