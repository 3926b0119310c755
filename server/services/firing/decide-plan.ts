import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import type { PlanClaim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";
import { catchUp } from "./catch-up";
import { setAside } from "./set-aside";
import { pauseUnplannable } from "./unplannable";

/**
 * Runs the catch-up of a plan that is behind. A schedule whose times cannot be computed is paused or, if that fails,
 * set aside. Never throws, so the other claims of the batch proceed; if Redis fails, the lease expires and the plan is
 * claimed again.
 */
export async function decidePlan(input: { deps: Deps; claim: PlanClaim; nowMs: number }): Promise<void> {
  const { deps, claim } = input;
  try {
    await catchUp(input);
  } catch (error) {
    if (!isDataFault(error)) {
      deps.log.error({ err: error, key: claim.key }, "catch-up of a plan failed; its lease will expire");
      return;
    }
    await pauseOrSetAside(deps, claim, error).catch((fault) =>
      deps.log.error({ err: fault, key: claim.key }, "could not set a plan aside; its lease will expire"),
    );
  }
}

async function pauseOrSetAside(deps: Deps, claim: PlanClaim, error: unknown): Promise<void> {
  const isPaused = await pauseUnplannable(deps, { schedule: claim.schedule, step: "plan", error });
  if (!isPaused) await setAside(deps, [{ ...claim, reason: reasonOf(error) }]);
}
