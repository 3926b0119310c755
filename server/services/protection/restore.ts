import { isDataFault } from "~/server/domain/data-fault";
import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { PROTECTION_RULES } from "./stored";

/**
 * Restores protection rules from ClickHouse to Redis. With an unreadable rule, the last known rules stay in force, so
 * that the rebuild of a lost Redis continues. Throws `clickhouse_unavailable`.
 */
export async function restoreProtection({
  deps,
}: {
  deps: Pick<Deps, "hot" | "store" | "log" | "protection">;
}): Promise<void> {
  await restoreCopy(deps, PROTECTION_RULES);
  try {
    await deps.protection.refresh();
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.error({ err: error }, "could not read the protection rules");
  }
}
