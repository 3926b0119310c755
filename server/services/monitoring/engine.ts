import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { lastWatch } from "../firing/watch-report";
import { collectBreakers } from "./breakers";
import { listWorkers } from "./workers";

/**
 * Returns the state of the hot tier and the workers from Redis alone, so it works while ClickHouse is away. Ages in ms,
 * memory in bytes.
 */
export async function getEngine(call: { ctx: Ctx }) {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const [hot, workers, memory, breakers, watch] = await Promise.all([
    deps.hot.stats(),
    listWorkers(deps),
    deps.hot.memory(),
    collectBreakers(deps),
    lastWatch(deps),
  ]);
  const { pending, running, overdue, oldestDueMs, outboxDepth, held } = hot;
  return { pending, running, overdue, oldestDueMs, outboxDepth, held, breakers, watch, memory, workers };
}
