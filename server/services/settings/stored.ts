import { z } from "zod";
import { SETTING_NAMES, type SettingName, type Settings, SettingsPatch } from "~/server/domain/settings";
import type { Deps } from "~/server/services/ctx";

/** One value that was saved on the page. Times are epoch ms. */
export interface StoredSetting {
  value: string | number | boolean;
  version: number;
  updatedAt: number;
  updatedBy: string;
}

export type StoredSettings = Partial<Record<SettingName, StoredSetting>>;

const Stored = z.object({
  value: z.union([z.string(), z.number(), z.boolean()]),
  version: z.int(),
  updatedAt: z.int(),
  updatedBy: z.string(),
});

/** What goes to ClickHouse's `settings` table for each change. */
export const SettingDocument = z.object({
  id: z.string(),
  version: z.int(),
  deleted: z.boolean(),
  stored: Stored.nullable(),
});
export type SettingDocument = z.infer<typeof SettingDocument>;

export const settingsKey = (prefix: string) => `${prefix}settings`;
export const settingsChannel = (prefix: string) => `${prefix}settings:changed`;

/** Saved values. Those that no longer parse (an older version wrote them) are left out. */
export async function readStored(deps: Pick<Deps, "redis"> & { prefix: string }): Promise<StoredSettings> {
  const hash = await deps.redis.hgetall(settingsKey(deps.prefix));
  const stored: StoredSettings = {};
  for (const name of SETTING_NAMES) {
    const json = hash[name];
    if (json === undefined) continue;
    const parsed = Stored.safeParse(JSON.parse(json));
    if (parsed.success && SettingsPatch.safeParse({ [name]: parsed.data.value }).success) stored[name] = parsed.data;
  }
  return stored;
}

export function valuesOf(stored: StoredSettings): Partial<Settings> {
  return Object.fromEntries(Object.entries(stored).map(([name, one]) => [name, one.value])) as Partial<Settings>;
}
