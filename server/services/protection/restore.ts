import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { PROTECTION_RULES } from "./stored";

/**
 * Restores protection rules from ClickHouse to Redis.
 * @throws AppError `clickhouse_unavailable`: the rules are still unknown.
 */
export async function restoreProtection({
  deps,
}: {
  deps: Pick<Deps, "hot" | "store" | "log" | "protection">;
}): Promise<void> {
  await restoreCopy(deps, PROTECTION_RULES);
  await deps.protection.refresh();
}
