import { SETTING_NAMES, SETTINGS, type SettingDefinition, type SettingName } from "~/server/domain/settings";
import type { SettingView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import type { Ctx } from "~/server/services/ctx";
import { effectiveSettings } from "./source";
import { requireStored, type StoredSetting, valuesOf } from "./stored";

export type NamedSettingView = SettingView & { name: SettingName };

/** Returns every setting with its value in force and the source of that value. */
export async function listSettings({ ctx }: { ctx: Ctx }): Promise<{ items: NamedSettingView[] }> {
  requireRight(ctx, "schedules:read");
  return settingsOf(ctx);
}

/** For a caller whose right was checked. */
export async function settingsOf(ctx: Ctx): Promise<{ items: NamedSettingView[] }> {
  const { deps } = ctx;
  const stored = await requireStored(deps);
  await deps.settings.refresh();
  const { environment } = deps.settings;
  const { ignored } = effectiveSettings({ stored: valuesOf(stored), environment });
  const inForce = (name: SettingName) => (ignored.includes(name) ? undefined : stored[name]);
  return { items: SETTING_NAMES.map((name) => viewOf(ctx, name, inForce(name))) };
}

function viewOf({ deps }: Ctx, name: SettingName, stored: StoredSetting | undefined): NamedSettingView {
  const definition: SettingDefinition = SETTINGS[name];
  const bounds = definition.type === "integer" ? definition : { min: null, max: null, unit: null };
  const inEnvironment = deps.settings.environment[name] !== undefined;
  return {
    name,
    key: definition.key,
    // The prefixes name topics, which a caller with a scope may not see.
    value: definition.type === "prefixes" && deps.scope ? "" : deps.settings.current()[name],
    default: definition.default,
    source: inEnvironment ? "environment" : stored ? "page" : "default",
    type: definition.type,
    min: bounds.min,
    max: bounds.max,
    unit: bounds.unit,
    description: definition.description,
    updatedBy: stored?.updatedBy ?? null,
    updatedAt: stored ? new Date(stored.updatedAt).toISOString() : null,
  };
}
