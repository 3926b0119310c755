import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { SAVED } from "./stored";

/**
 * Brings saved settings from ClickHouse into Redis. Answers how many documents Redis did not have.
 * @throws AppError `clickhouse_unavailable`: what was saved stays unknown.
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
