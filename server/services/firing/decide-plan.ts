import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import type { PlanClaim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";
import { catchUp } from "./catch-up";
import { setAside } from "./set-aside";
import { pauseUnplannable } from "./unplannable";

/**
 * Decides about a plan that is behind. A schedule whose times cannot be computed is paused, or, where even that fails,
 * set aside. Never throws: the other claims of its batch must not wait for it; where Redis does not answer its lease
 * runs out, and it is claimed again.
 */
export async function decidePlan(input: { deps: Deps; claim: PlanClaim; nowMs: number }): Promise<void> {
  const { deps, claim } = input;
  try {
    await catchUp(input);
  } catch (error) {
    if (!isDataFault(error)) {
      deps.log.error({ err: error, key: claim.key }, "a plan was not decided; its lease will run out");
      return;
    }
    await pauseOrSetAside(deps, claim, error).catch((fault) =>
      deps.log.error({ err: fault, key: claim.key }, "a plan was not put aside; its lease will run out"),
    );
  }
}

async function pauseOrSetAside(deps: Deps, claim: PlanClaim, error: unknown): Promise<void> {
  const isPaused = await pauseUnplannable(deps, { schedule: claim.schedule, step: "plan", error });
  if (!isPaused) await setAside(deps, [{ ...claim, reason: reasonOf(error) }]);
}
