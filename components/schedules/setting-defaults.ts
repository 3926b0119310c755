import type { RouterOutputs } from "~/components/trpc/client";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";

/** The defaults of new schedules that can be changed in the settings. */
export interface SettingDefaults {
  timezone: string;
  maxRetries: number;
  retryDelaySeconds: number;
}

/** The defaults from the settings, or the built-in defaults and `zone` if the settings are not loaded. */
export function settingDefaultsOf(
  settings: RouterOutputs["settings"]["list"] | undefined,
  zone: string,
): SettingDefaults {
  const value = (name: string) => settings?.items.find((setting) => setting.name === name)?.value;
  const number = (name: "maxRetries" | "retryDelaySeconds") => {
    const found = value(name);
    return typeof found === "number" ? found : SCHEDULE_DEFAULTS[name];
  };
  return {
    timezone: String(value("timezone") ?? zone),
    maxRetries: number("maxRetries"),
    retryDelaySeconds: number("retryDelaySeconds"),
  };
}
