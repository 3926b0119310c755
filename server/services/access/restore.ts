import { type CopyDeps, restoreCopy } from "~/server/services/documents/restore";
import { ACCOUNTS } from "./documents";

/**
 * Restores accounts and API keys that were lost with Redis, so that users can sign in and `/setup` stays closed. Does
 * not restore sessions. Returns how many documents were missing in Redis. Throws `clickhouse_unavailable`.
 */
export function restoreAccess({ deps }: { deps: CopyDeps }): Promise<number> {
  return restoreCopy(deps, ACCOUNTS);
}
