import type { UnreadableClaim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";

/**
 * Takes claims that cannot be processed out of the hot tier, each into the quarantine with its bytes. Where Redis does
 * not answer their leases run out, and they are claimed and set aside again.
 */
export async function setAside(deps: Deps, claims: readonly UnreadableClaim[]): Promise<void> {
  for (const claim of claims) {
    const { key, shard, reason } = claim;
    try {
      const isOurs = await deps.hot.setAside(claim, reason);
      deps.log.error({ key, shard, reason, isOurs }, "claim set aside: it cannot be processed");
    } catch (error) {
      deps.log.warn({ err: error, key, shard }, "claim could not be set aside; its lease will run out");
    }
  }
}
