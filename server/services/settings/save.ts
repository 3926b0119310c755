import { z } from "zod";
import { AppError, type FieldFault } from "~/server/domain/errors";
import { DEFAULT_SETTINGS, SETTING_NAMES, type SettingName, Settings, SettingsPatch } from "~/server/domain/settings";
import { wireField } from "~/server/domain/wire";
import { requireRight } from "~/server/services/access/require-right";
import { recordAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { listSettings, type NamedSettingView } from "./list";
import {
  readStored,
  type SettingDocument,
  type StoredSettings,
  settingsChannel,
  settingsKey,
  valuesOf,
} from "./stored";

export const SaveSettingsInput = z.strictObject({ values: SettingsPatch });
export type SaveSettingsInput = z.infer<typeof SaveSettingsInput>;

/** Back to the default; without `names` all of them. */
export const ResetSettingsInput = z.strictObject({ names: z.array(z.enum(SETTING_NAMES)).optional() });
export type ResetSettingsInput = z.infer<typeof ResetSettingsInput>;

/**
 * Saves settings; they take effect in every process within seconds.
 * @throws AppError `validation_failed` for a value that the environment gives, or that breaks the rule between settings.
 */
export async function saveSettings(call: {
  ctx: Ctx;
  input: SaveSettingsInput;
}): Promise<{ items: NamedSettingView[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "admin");
  const names = (Object.keys(input.values) as SettingName[]).filter((name) => input.values[name] !== undefined);
  refuseFixed(ctx, names);
  return change(ctx, { names, next: (stored) => ({ ...valuesOf(stored), ...input.values }) });
}

/**
 * Removes saved settings.
 * @throws AppError `validation_failed` when what is left breaks the rule between settings.
 */
export async function resetSettings(call: {
  ctx: Ctx;
  input: ResetSettingsInput;
}): Promise<{ items: NamedSettingView[] }> {
  const { ctx, input } = call;
  requireRight(ctx, "admin");
  const names = input.names ?? SETTING_NAMES;
  const next = (stored: StoredSettings) => valuesOf(without(stored, names));
  return change(ctx, { names, next });
}

async function change(
  ctx: Ctx,
  edit: { names: readonly SettingName[]; next: (stored: StoredSettings) => Partial<Settings> },
): Promise<{ items: NamedSettingView[] }> {
  const { redis, facts, clock, settings } = ctx.deps;
  const stored = await readStored({ redis, prefix: facts.prefix });
  const values = edit.next(stored);
  requireRule({ ...DEFAULT_SETTINGS, ...values, ...settings.environment });
  const now = clock.now();
  const updatedBy = ctx.principal?.email ?? ctx.principal?.name ?? "system";
  const changed = edit.names.filter((name) => values[name] !== stored[name]?.value);
  if (changed.length === 0) return listSettings({ ctx });

  const write = redis.multi();
  const documents = changed.map((name): SettingDocument => {
    const version = Math.max(now, (stored[name]?.version ?? 0) + 1);
    const value = values[name];
    const one = value === undefined ? null : { value, version, updatedAt: now, updatedBy };
    if (one) write.hset(settingsKey(facts.prefix), name, JSON.stringify(one));
    else write.hdel(settingsKey(facts.prefix), name);
    return { id: name, version, deleted: one === null, stored: one };
  });
  await write.exec();
  for (const document of documents) await ctx.deps.hot.append("g", JSON.stringify(document));
  await redis.publish(settingsChannel(facts.prefix), changed.join(","));
  const pick = (from: Partial<Settings>) => Object.fromEntries(changed.map((name) => [name, from[name] ?? null]));
  await recordAudit(ctx, {
    action: "settings.change",
    target: "settings",
    before: pick(valuesOf(stored)),
    after: pick(values),
  });
  return listSettings({ ctx });
}

function without(stored: StoredSettings, names: readonly SettingName[]): StoredSettings {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !names.includes(name as SettingName)));
}

function refuseFixed(ctx: Ctx, names: readonly SettingName[]): void {
  const fixed = names.filter((name) => ctx.deps.settings.environment[name] !== undefined);
  if (fixed.length === 0) return;
  const faults = fixed.map((name) => ({ field: wireField([name]), message: "is set by the environment, which wins" }));
  throw new AppError("validation_failed", "The environment gives this value.", { faults });
}

function requireRule(together: Settings): void {
  const parsed = Settings.safeParse(together);
  if (parsed.success) return;
  const faults: FieldFault[] = parsed.error.issues.map((issue) => ({
    field: wireField(issue.path),
    message: issue.message,
  }));
  throw new AppError("validation_failed", `${faults[0]?.field} ${faults[0]?.message}`, { faults });
}
