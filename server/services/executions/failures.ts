import type { FailureGroup } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { FailureGroupsInput } from "./inputs";

const DAY_MS = 86_400_000;

/**
 * Returns the dead executions of a time range, grouped by error class and error shape, most frequent first. A group is
 * new if its error did not occur in the preceding range of the same length. Without `from`, the range begins 24 hours
 * before its end.
 */
export async function failureGroups(call: {
  ctx: Ctx;
  input: FailureGroupsInput;
}): Promise<{ items: FailureGroup[]; isComplete: boolean }> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const { from, to, ...filter } = call.input;
  const toMs = to ?? deps.clock.now();
  const fromMs = from ?? toMs - DAY_MS;
  const query = { ...filter, fromMs, toMs: to };
  const { groups, isComplete } = await deps.store.failureGroups({
    query,
    previousFromMs: fromMs - Math.max(0, toMs - fromMs),
  });
  return {
    isComplete,
    items: groups.map(({ firstAt, lastAt, firstSeenAt, ...group }) => ({
      ...group,
      firstAt: iso(firstAt),
      lastAt: iso(lastAt),
      firstSeenAt: iso(firstSeenAt),
    })),
  };
}
