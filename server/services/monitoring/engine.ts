import { dueAgeOutsidePause, isAllPaused, pauseAllView } from "~/server/domain/pause-all";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { lastWatch } from "../firing/watch-report";
import { readPauseAll } from "../pause-all";
import { requireNoScope } from "../scope";
import { collectBreakers } from "./breakers";
import { listWorkers } from "./workers";

/**
 * Returns the state of the hot tier and the workers. Reads only Redis, so that it works while ClickHouse is down. Ages
 * are in ms.
 */
export async function getEngine(call: { ctx: Ctx }) {
  requireRight(call.ctx, "executions:read");
  requireNoScope(call.ctx);
  const { deps } = call.ctx;
  const [hot, workers, memory, breakers, watch, stored] = await Promise.all([
    deps.hot.stats(),
    listWorkers(deps),
    deps.hot.memory(),
    collectBreakers(deps),
    lastWatch(deps),
    readPauseAll(deps),
  ]);
  const { pending, running, overdue, outboxDepth, held, nowMs, oldestDueAgeMs } = hot;
  const pause = stored?.pause ?? null;
  const pauseAll = pauseAllView(pause, nowMs);
  // During a pause of all firing, return the full age, because `pauseAll` shows why the event waits. After the pause,
  // the age counts from the resume.
  const oldestDueMs = isAllPaused(pause, nowMs) ? oldestDueAgeMs : dueAgeOutsidePause(oldestDueAgeMs, pause, nowMs);
  const outboxOldestMs = hot.outboxOldestAgeMs;
  const queue = { pending, running, overdue, oldestDueMs, outboxDepth, outboxOldestMs, held };
  return { ...queue, pauseAll, breakers, watch, memory, workers };
}
