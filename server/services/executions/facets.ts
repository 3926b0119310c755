import { AppError } from "~/server/domain/errors";
import { EXECUTION_FACETS, type ExecutionFacets } from "~/server/domain/views";
import type { RollupScope } from "~/server/ports/store/executions";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import type { ExecutionFilter } from "./inputs";
import { toQuery } from "./list";

const DAY_MS = 86_400_000;

/**
 * Returns the values by which the executions of a time range can be filtered, with counts. The filter on a facet does
 * not apply to the counts of that facet. Without `from`, the range begins 24 hours before its end. A facet whose query
 * fails is null.
 */
export async function executionFacets(call: { ctx: Ctx; input: ExecutionFilter }): Promise<ExecutionFacets> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const { from = (call.input.to ?? deps.clock.now()) - DAY_MS, ...filter } = call.input;
  const query = toQuery({ ...filter, from }, deps.clock.now());
  const scope = rollupScope(deps);
  const counted = await Promise.all(
    EXECUTION_FACETS.map(async (facet) => {
      try {
        return [facet, await deps.store.executionFacet(facet, query, scope)] as const;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        deps.log.warn({ err: error, facet }, "could not count a facet of executions");
        return [facet, null] as const;
      }
    }),
  );
  return Object.fromEntries(counted) as unknown as ExecutionFacets;
}

/** The range that both the ledger and the roll-ups still have, without the oldest day, which is being deleted. */
function rollupScope({ clock, settings }: Deps): RollupScope {
  const { executionHistoryTtlDays, analyticsRetentionDays } = settings.current();
  const nowMs = clock.now();
  const keptDays = Math.min(executionHistoryTtlDays, analyticsRetentionDays) - 1;
  return { nowMs, keptFromMs: nowMs - keptDays * DAY_MS };
}
