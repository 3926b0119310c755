import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { collectBreakers } from "./breakers";
import { lastWatch } from "./watch";
import { listWorkers } from "./workers";

/** The hot tier and the workers, from Redis alone: it answers while ClickHouse is away. Ages in ms, memory in bytes. */
export async function getEngine(call: { ctx: Ctx }) {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const [hot, workers, memory, breakers, watch] = await Promise.all([
    deps.hot.stats(),
    listWorkers(deps),
    redisMemory(deps),
    collectBreakers(deps),
    lastWatch(deps),
  ]);
  const { pending, running, overdue, oldestDueMs, outboxDepth, held } = hot;
  return { pending, running, overdue, oldestDueMs, outboxDepth, held, breakers, watch, memory, workers };
}

/** `maxBytes` is null without a bound. */
async function redisMemory(deps: Deps): Promise<{ usedBytes: number; maxBytes: number | null; policy: string }> {
  const info = await deps.redis.info("memory");
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  return {
    usedBytes: Number(field("used_memory") ?? 0),
    maxBytes: Number(field("maxmemory") ?? 0) || null,
    policy: field("maxmemory_policy") ?? "unknown",
  };
}
