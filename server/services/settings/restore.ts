import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { SAVED } from "./stored";

/**
 * Restores saved settings from ClickHouse to Redis. Returns how many documents Redis did not have.
 * @throws AppError `clickhouse_unavailable`: the saved settings are still unknown.
 */
export async function restoreSettings({
  deps,
}: {
  deps: Pick<Deps, "hot" | "store" | "log" | "settings">;
}): Promise<number> {
  const restored = await restoreCopy(deps, SAVED);
  await deps.settings.refresh();
  return restored;
}
