import { scheduleIdOf } from "~/server/domain/ids";
import type { LeaseView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { requireNoScope } from "../scope";
import { listWorkers } from "./workers";

/** The end of a lease's key if the claim is a schedule to replan, not an occurrence. */
const PLAN = /#plan$/;

/**
 * Returns the leases by worker, without those of the self-test. The worker whose lease ends first comes first.
 * `isComplete` is false if there are more leases than were counted.
 */
export async function getLeases(call: { ctx: Ctx }): Promise<{ items: LeaseView[]; isComplete: boolean }> {
  requireRight(call.ctx, "executions:read");
  requireNoScope(call.ctx);
  const { deps } = call.ctx;
  const [{ holders, isComplete }, workers] = await Promise.all([deps.hot.leaseHolders(), listWorkers(deps)]);
  const items = holders.map(({ workerId, leases, first }) => ({
    workerId,
    // Leases have worker ids without "|", because it separates the fields of a lease.
    alive: workers.some((worker) => worker.alive && worker.workerId.replaceAll("|", "") === workerId),
    leases,
    firstEndsAt: new Date(first.endsMs).toISOString(),
    firstScheduleId: scheduleIdOf(first.key.replace(PLAN, "")),
  }));
  return { items, isComplete };
}
