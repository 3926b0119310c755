import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import {
  SETTING_NAMES,
  type SettingName,
  type Settings,
  SettingsPatch,
  type SettingValue,
} from "~/server/domain/settings";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { type CopiedTable, requireCopy } from "~/server/services/documents/restore";

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

/** A row of ClickHouse's `settings` table. A reset one has no value, but says who reset it. */
const SettingDocument = z.object({
  id: z.string(),
  version: z.int(),
  deleted: z.boolean(),
  stored: Stored.nullable(),
  updatedAt: z.int().optional(),
  updatedBy: z.string().optional(),
});
type SettingDocument = z.infer<typeof SettingDocument>;

/** The copy in Redis of what was saved. */
export const SAVED: CopiedTable = {
  kind: "g",
  indexOf: (json) => {
    SettingDocument.parse(JSON.parse(json));
    return null;
  },
};

/** A person's last change of a setting; `value` is undefined where it was reset. */
export interface SettingChange {
  value: SettingValue | undefined;
  version: number;
  updatedAt: number;
  updatedBy: string;
}

/** The document of a change; under another version it undoes a later one. */
export function settingDocument(
  name: SettingName,
  change: SettingChange,
  version: number = change.version,
): CopiedDocument {
  const { value, updatedAt, updatedBy } = change;
  const deleted = value === undefined;
  const stored = deleted ? null : { value, version, updatedAt, updatedBy };
  const document: SettingDocument = { id: name, version, deleted, stored, updatedAt, updatedBy };
  return { key: name, version, deleted, index: null, json: JSON.stringify(document) };
}

/** The last change of each setting that was ever changed, as ClickHouse has it. Throws `clickhouse_unavailable`. */
export async function settingChanges(deps: Pick<Deps, "store">): Promise<Map<SettingName, SettingChange>> {
  const found = new Map<SettingName, SettingChange>();
  for (const row of await deps.store.documents("g")) {
    const parsed = SettingDocument.safeParse(JSON.parse(row.json));
    const name = SETTING_NAMES.find((one) => one === row.key);
    if (!parsed.success || name === undefined) continue;
    const { stored, version, updatedAt, updatedBy } = parsed.data;
    found.set(name, {
      value: stored?.value,
      version,
      updatedAt: stored?.updatedAt ?? updatedAt ?? version,
      updatedBy: stored?.updatedBy ?? updatedBy ?? "unknown",
    });
  }
  return found;
}

/**
 * Saved values, from Redis. Those that no longer parse (an older version wrote them) are left out. Null where Redis was
 * lost: what was saved is then unknown, and not the default.
 */
export async function readStored(deps: Pick<Deps, "hot">): Promise<StoredSettings | null> {
  const { complete, rows } = await deps.hot.copied("g");
  if (!complete) return null;
  const stored: StoredSettings = {};
  for (const name of SETTING_NAMES) {
    const json = rows.get(name);
    if (json === undefined) continue;
    const one = SettingDocument.safeParse(JSON.parse(json)).data?.stored;
    if (one && SettingsPatch.safeParse({ [name]: one.value }).success) stored[name] = one;
  }
  return stored;
}

/**
 * As `readStored`, after the copy was filled where Redis was lost.
 * @throws AppError `clickhouse_unavailable`.
 */
export async function requireStored(deps: Pick<Deps, "hot" | "store" | "log">): Promise<StoredSettings> {
  await requireCopy(deps, SAVED);
  const stored = await readStored(deps);
  if (stored === null) throw new AppError("redis_unavailable", "Redis was lost at this moment. Try again.");
  return stored;
}

export function valuesOf(stored: StoredSettings): Partial<Settings> {
  return Object.fromEntries(Object.entries(stored).map(([name, one]) => [name, one.value])) as Partial<Settings>;
}
