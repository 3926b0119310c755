import type { ExecutionName } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { iso } from "../schedules/view";
import type { ExecutionIds } from "./inputs";

/** Maximum number of outbox rows to search. */
const OVERLAY_LIMIT = 2000;

/** Returns schedule, event and time of ended executions, in the order of the ids. Omits unknown ids. */
export async function namesOfExecutions(call: { ctx: Ctx; input: ExecutionIds }): Promise<ExecutionName[]> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const { executionIds } = call.input;
  // Read the outbox first, so that a row that is recorded between the two reads is found.
  const { executions: fresh } = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const rows = new Map((await deps.store.executionNames(executionIds)).map((row) => [row.executionId, row]));
  for (const row of fresh) rows.set(row.executionId, row);
  return executionIds.flatMap((executionId) => {
    const row = rows.get(executionId);
    if (row === undefined) return [];
    const { scheduleId, scheduleName, entityType, action, entityId, scheduledFor } = row;
    return [{ executionId, scheduleId, scheduleName, entityType, action, entityId, scheduledFor: iso(scheduledFor) }];
  });
}
