import { type CopyDeps, restoreCopy } from "~/server/services/documents/restore";
import { ACCOUNTS } from "./documents";

/**
 * Brings accounts and API keys from ClickHouse into Redis: after a lost Redis nobody is locked out, and `/setup` does
 * not open again. Sessions are not kept. Answers how many documents Redis did not have.
 * @throws AppError `clickhouse_unavailable`.
 */
export function restoreAccess({ deps }: { deps: CopyDeps }): Promise<number> {
  return restoreCopy(deps, ACCOUNTS);
}
