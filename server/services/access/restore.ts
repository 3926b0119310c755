import { type CopyDeps, restoreCopy } from "~/server/services/documents/restore";
import { ACCOUNTS } from "./documents";

/**
 * Restores what `documents.ts` stores, such as accounts and API keys, after a loss of Redis, so that users can sign in
 * and `/setup` stays closed. Does not restore sessions. Returns how many documents were missing or older in Redis.
 * Throws `clickhouse_unavailable`.
 */
export function restoreAccess({ deps }: { deps: CopyDeps }): Promise<number> {
  return restoreCopy(deps, ACCOUNTS);
}
