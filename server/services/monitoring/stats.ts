import { dueAgeOutsidePause } from "~/server/domain/pause-all";
import { zonesInUse } from "~/server/domain/recurrence";
import type { Stats } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { readPauseAll } from "../pause-all";
import { requireNoScope } from "../scope";
import { listWorkers } from "./workers";

const DAY_MS = 86_400_000;

/** Returns the state of both tiers, the outbox and the workers. The counts of outcomes cover the last 24 h. */
export async function getStats(call: { ctx: Ctx }): Promise<Stats> {
  requireRight(call.ctx, "executions:read");
  requireNoScope(call.ctx);
  return collectStats(call.ctx.deps);
}

export async function collectStats(deps: Deps): Promise<Stats> {
  const [hot, counts, ledger, workers, stored] = await Promise.all([
    deps.hot.stats(),
    deps.store.catalogueCounts(),
    deps.store.ledgerCounts({ fromMs: deps.clock.now() - DAY_MS }),
    listWorkers(deps),
    readPauseAll(deps),
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
    outboxOldestMs: hot.outboxOldestAgeMs,
    oldestDueMs: dueAgeOutsidePause(hot.oldestDueAgeMs, stored?.pause ?? null, hot.nowMs),
    tzdata: { version: tzdata.version, source: tzdata.source },
    workers,
  };
}
