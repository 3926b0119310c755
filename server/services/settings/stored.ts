import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
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

/** A saved value. Times are epoch ms. */
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

/** A row of ClickHouse's `settings` table. A reset setting has no value but keeps who reset it. */
const SettingDocument = z.object({
  id: z.string(),
  version: z.int(),
  deleted: z.boolean(),
  stored: Stored.nullable(),
  updatedAt: z.int().optional(),
  updatedBy: z.string().optional(),
});
type SettingDocument = z.infer<typeof SettingDocument>;

export const SAVED: CopiedTable = {
  kind: DOCUMENT_KIND.setting,
  indexOf: (json) => {
    // No secondary key. Parsing rejects documents that this release cannot read.
    SettingDocument.parse(JSON.parse(json));
    return null;
  },
};

/** The last change of a setting; `value` is undefined after a reset. */
export interface SettingChange {
  value: SettingValue | undefined;
  version: number;
  updatedAt: number;
  updatedBy: string;
}

/**
 * Encodes a change as a document.
 *
 * @param version by default that of the change; to undo a later change, pass a higher version than the later change has
 */
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

/** Returns the last change of each setting from ClickHouse. Throws `clickhouse_unavailable`. */
export async function settingChanges(deps: Pick<Deps, "store">): Promise<Map<SettingName, SettingChange>> {
  const found = new Map<SettingName, SettingChange>();
  for (const row of await deps.store.documents(DOCUMENT_KIND.setting)) {
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

/** Returns the saved values in Redis, except those that this release does not accept. Null if Redis was lost. */
export async function readStored(deps: Pick<Deps, "hot">): Promise<StoredSettings | null> {
  const { complete, rows } = await deps.hot.copied(DOCUMENT_KIND.setting);
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
 * Like `readStored`, but restores the copy first if Redis was lost.
 * @throws AppError `clickhouse_unavailable`; `redis_unavailable` if Redis loses its data meanwhile.
 */
export async function requireStored(deps: Pick<Deps, "hot" | "store" | "log">): Promise<StoredSettings> {
  await requireCopy(deps, SAVED);
  const stored = await readStored(deps);
  if (stored === null)
    throw new AppError("redis_unavailable", "Redis lost its data while the settings were read. Try again.");
  return stored;
}

export function valuesOf(stored: StoredSettings): Partial<Settings> {
  return Object.fromEntries(Object.entries(stored).map(([name, one]) => [name, one.value])) as Partial<Settings>;
}
