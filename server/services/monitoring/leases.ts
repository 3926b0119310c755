import { scheduleIdOf } from "~/server/domain/ids";
import type { LeaseView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { listWorkers } from "./workers";

/** A lease may also be for the plan of a recurring schedule that was found late. */
const PLAN = /#plan$/;

/**
 * Returns the leases by worker, the one that ends first first, from Redis alone. `isComplete` is false if there are
 * more leases than are counted.
 */
export async function getLeases(call: { ctx: Ctx }): Promise<{ items: LeaseView[]; isComplete: boolean }> {
  requireRight(call.ctx, "executions:read");
  const { deps } = call.ctx;
  const [{ holders, isComplete }, workers] = await Promise.all([deps.hot.leaseHolders(), listWorkers(deps)]);
  const items = holders.map(({ workerId, leases, first }) => ({
    workerId,
    alive: workers.some((worker) => worker.alive && worker.workerId.replaceAll("|", "") === workerId),
    leases,
    firstEndsAt: new Date(first.endsMs).toISOString(),
    firstScheduleId: scheduleIdOf(first.key.replace(PLAN, "")),
  }));
  return { items, isComplete };
}
