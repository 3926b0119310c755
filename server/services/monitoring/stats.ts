import { zonesInUse } from "~/server/domain/recurrence";
import type { Stats } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { listWorkers } from "./workers";

const DAY_MS = 86_400_000;

/** The state of both tiers, of the outbox and of the workers. Outcome counts are of the last 24 h. */
export async function getStats(call: { ctx: Ctx }): Promise<Stats> {
  requireRight(call.ctx, "read");
  return collectStats(call.ctx.deps);
}

/** As `getStats`, for the product's own use. */
export async function collectStats(deps: Deps): Promise<Stats> {
  const [hot, counts, ledger, workers] = await Promise.all([
    deps.hot.stats(),
    deps.store.catalogueCounts(),
    deps.store.ledgerCounts({ fromMs: deps.clock.now() - DAY_MS }),
    listWorkers(deps),
  ]);
  const tzdata = zonesInUse();
  return {
    pending: hot.pending + counts.clickhousePending,
    redisPending: hot.pending,
    clickhousePending: counts.clickhousePending,
    running: hot.running,
    overdue: hot.overdue,
    held: hot.held,
    dead: ledger.dead,
    completed: ledger.succeeded,
    failed: ledger.dead + ledger.expired,
    outboxDepth: hot.outboxDepth,
    outboxOldestMs: hot.outboxOldestMs,
    oldestDueMs: hot.oldestDueMs,
    tzdata: { version: tzdata.version, source: tzdata.source },
    workers,
  };
}
