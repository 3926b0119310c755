import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError, type FieldFault } from "~/server/domain/errors";
import { DEFAULT_SETTINGS, SETTING_NAMES, type SettingName, Settings, SettingsEdit } from "~/server/domain/settings";
import { wireField } from "~/server/domain/wire";
import { requireRight } from "~/server/services/access/require-right";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { storeDocuments } from "~/server/services/documents/store-documents";
import { type NamedSettingView, settingsOf } from "./list";
import { effectiveSettings } from "./source";
import {
  requireStored,
  type SettingChange,
  type StoredSettings,
  settingChanges,
  settingDocument,
  valuesOf,
} from "./stored";

export const SaveSettingsInput = z.strictObject({ values: SettingsEdit });
export type SaveSettingsInput = z.infer<typeof SaveSettingsInput>;

/** Without `names`, all settings are reset. */
export const ResetSettingsInput = z.strictObject({ names: z.array(z.enum(SETTING_NAMES)).optional() });
export type ResetSettingsInput = z.infer<typeof ResetSettingsInput>;

/**
 * Saves settings, or resets those whose value is null. They take effect in every process within seconds.
 * @throws AppError `validation_failed` for a setting that the environment sets, or for values that contradict each
 * other; `conflict` while another change is saved; `redis_unavailable`; `clickhouse_unavailable` if nothing was saved.
 */
export async function saveSettings(call: {
  ctx: Ctx;
  input: SaveSettingsInput;
}): Promise<{ items: NamedSettingView[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  const names = (Object.keys(input.values) as SettingName[]).filter((name) => input.values[name] !== undefined);
  refuseEnvironmentSettings(ctx, names);
  const values = Object.entries(input.values).filter(([, value]) => value !== null && value !== undefined);
  return change(ctx, {
    names,
    next: (stored) => ({ ...valuesOf(without(stored, names)), ...(Object.fromEntries(values) as Partial<Settings>) }),
  });
}

/**
 * Removes saved settings.
 * @throws AppError `validation_failed` if the remaining values contradict each other; `conflict` while another change
 * is saved; `redis_unavailable`; `clickhouse_unavailable` if nothing was removed.
 */
export async function resetSettings(call: {
  ctx: Ctx;
  input: ResetSettingsInput;
}): Promise<{ items: NamedSettingView[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  const names = input.names ?? SETTING_NAMES;
  const next = (stored: StoredSettings) => valuesOf(without(stored, names));
  return change(ctx, { names, next });
}

async function change(
  ctx: Ctx,
  edit: { names: readonly SettingName[]; next: (stored: StoredSettings) => Partial<Settings> },
): Promise<{ items: NamedSettingView[] }> {
  const { deps } = ctx;
  const { stored, values, changed } = await withDocumentLock(deps, DOCUMENT_KIND.setting, async () => {
    const before = await requireStored(deps);
    // Saved values that are ignored would also contradict this change, so remove them.
    const { environment } = deps.settings;
    const { ignored } = effectiveSettings({ stored: valuesOf(before), environment });
    const dropped = ignored.filter((name) => name in before && !edit.names.includes(name));
    const after = edit.next(without(before, dropped));
    requireConsistent({ ...DEFAULT_SETTINGS, ...after, ...environment });
    const names = [...edit.names, ...dropped].filter((name) => after[name] !== before[name]?.value);
    if (names.length > 0) await storeChanges(ctx, names, after);
    return { stored: before, values: after, changed: names };
  });
  if (changed.length === 0) return settingsOf(ctx);
  await deps.settingsChannel.announce(changed);
  const pick = (from: Partial<Settings>) => Object.fromEntries(changed.map((name) => [name, from[name] ?? null]));
  await writeAudit(ctx, {
    action: "settings.change",
    target: "settings",
    before: pick(valuesOf(stored)),
    after: pick(values),
  });
  return settingsOf(ctx);
}

async function storeChanges(ctx: Ctx, names: readonly SettingName[], values: Partial<Settings>): Promise<void> {
  const { deps } = ctx;
  const now = deps.clock.now();
  const updatedBy = ctx.principal?.email ?? ctx.principal?.name ?? "system";
  const last = await settingChanges(deps);
  const changes = names.map((name) => {
    const former: SettingChange = last.get(name) ?? { value: undefined, version: 0, updatedAt: now, updatedBy };
    const version = Math.max(now, former.version + 1);
    const document = settingDocument(name, { value: values[name], version, updatedAt: now, updatedBy });
    return { document, undo: settingDocument(name, former, version + 1) };
  });
  await storeDocuments(deps, DOCUMENT_KIND.setting, changes);
}

function without(stored: StoredSettings, names: readonly SettingName[]): StoredSettings {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !names.includes(name as SettingName)));
}

function refuseEnvironmentSettings(ctx: Ctx, names: readonly SettingName[]): void {
  const fixed = names.filter((name) => ctx.deps.settings.environment[name] !== undefined);
  if (fixed.length === 0) return;
  const faults = fixed.map((name) => ({
    field: wireField([name]),
    message: "is set by the environment, which overrides saved values",
  }));
  throw new AppError("validation_failed", "The setting is set by the environment. Change the variable instead.", {
    faults,
  });
}

function requireConsistent(settings: Settings): void {
  const parsed = Settings.safeParse(settings);
  if (parsed.success) return;
  const faults: FieldFault[] = parsed.error.issues.map((issue) => ({
    field: wireField(issue.path),
    message: issue.message,
  }));
  throw new AppError("validation_failed", `${faults[0]?.field} ${faults[0]?.message}`, { faults });
}
