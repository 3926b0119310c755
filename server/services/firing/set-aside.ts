import type { UnreadableClaim } from "~/server/ports/hot/claims";
import type { Deps } from "../ctx";

/**
 * Moves claims that cannot be processed from the hot tier into the quarantine, with their bytes. If Redis fails, the
 * leases expire, and the next claim sets the occurrences aside.
 */
export async function setAside(deps: Deps, claims: readonly UnreadableClaim[]): Promise<void> {
  for (const claim of claims) {
    const { key, shard, reason } = claim;
    try {
      const isOurs = await deps.hot.setAside(claim, reason);
      deps.log.error({ key, shard, reason, isOurs }, "claim set aside, cannot be processed");
    } catch (error) {
      deps.log.warn({ err: error, key, shard }, "could not set a claim aside; its lease will expire");
    }
  }
}
