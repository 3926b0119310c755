import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { PROTECTION_RULES } from "./stored";

/** Restores protection rules from ClickHouse to Redis. Throws `clickhouse_unavailable`. */
export async function restoreProtection({
  deps,
}: {
  deps: Pick<Deps, "hot" | "store" | "log" | "protection">;
}): Promise<void> {
  await restoreCopy(deps, PROTECTION_RULES);
  await deps.protection.refresh();
}
