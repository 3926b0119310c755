import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { SAVED } from "./stored";

/** Restores saved settings. Returns how many documents Redis did not have. Throws `clickhouse_unavailable`. */
export async function restoreSettings({
  deps,
}: {
  deps: Pick<Deps, "hot" | "store" | "log" | "settings">;
}): Promise<number> {
  const restored = await restoreCopy(deps, SAVED);
  await deps.settings.refresh();
  return restored;
}
