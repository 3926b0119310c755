import type { RouterOutputs } from "~/components/trpc/client";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";

/** The defaults of new schedules that the settings decide. */
export interface SettingDefaults {
  timezone: string;
  maxRetries: number;
  retryDelaySeconds: number;
}

/** Defaults from the settings. While these are not available, the built-in defaults and `zone`. */
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
