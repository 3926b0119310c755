import type { Deps } from "~/server/services/ctx";
import { SettingDocument, settingsKey } from "./stored";

/**
 * Loads saved settings from ClickHouse when Redis has none. Answers how many.
 * @throws AppError `clickhouse_unavailable`.
 */
export async function restoreSettings(input: {
  deps: Pick<Deps, "redis" | "store" | "facts" | "settings">;
}): Promise<number> {
  const { redis, store, facts, settings } = input.deps;
  const key = settingsKey(facts.prefix);
  if ((await redis.hlen(key)) > 0) return 0;
  const rows = (await store.documents("g")).filter((row) => !row.deleted);
  let restored = 0;
  for (const row of rows) {
    const document = SettingDocument.parse(JSON.parse(row.json));
    if (!document.stored) continue;
    restored += await redis.hsetnx(key, document.id, JSON.stringify(document.stored));
  }
  if (restored > 0) await settings.refresh();
  return restored;
}
