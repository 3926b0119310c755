import type { Logger } from "pino";
import { DEFAULT_SETTINGS, type SettingName, Settings } from "~/server/domain/settings";
import type { SettingsChannel } from "~/server/ports/shared-state/settings-channel";
import type { Deps, SettingsSource } from "~/server/services/ctx";
import { readStored, valuesOf } from "./stored";

/** Changes arrive by pub/sub. The poll finds changes that were missed while the connection was broken. */
const POLL_MS = 5000;

export interface RunningSettingsSource extends SettingsSource {
  /** Reads the settings, then follows changes. Idempotent. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Saved values override defaults, and the environment overrides both. If the result contradicts itself, the saved
 * horizons and the saved sync interval are ignored.
 */
export function effectiveSettings(input: { stored: Partial<Settings>; environment: Partial<Settings> }): {
  settings: Settings;
  /** The settings whose saved values, if there are any, are ignored. */
  ignored: readonly SettingName[];
} {
  const merged = Settings.safeParse({ ...DEFAULT_SETTINGS, ...input.stored, ...input.environment });
  if (merged.success) return { settings: merged.data, ignored: [] };
  // The environment was validated with the defaults at start, so a saved value causes the contradiction.
  const { transferHorizonSeconds, clickhouseSyncInterval, immediateHorizonSeconds, ...rest } = input.stored;
  return {
    settings: { ...DEFAULT_SETTINGS, ...rest, ...input.environment },
    ignored: ["transferHorizonSeconds", "clickhouseSyncInterval", "immediateHorizonSeconds"],
  };
}

/**
 * Before the first read, `isKnown` is false, and defaults and environment are in force. After a loss of Redis, the last
 * known values stay in force until the saved values are restored.
 */
export function createSettingsSource(input: {
  hot: Deps["hot"];
  settingsChannel: SettingsChannel;
  environment: Partial<Settings>;
  log: Logger;
}): RunningSettingsSource {
  const { hot, settingsChannel, environment, log } = input;
  let settings = effectiveSettings({ stored: {}, environment }).settings;
  let known = false;
  let warned = false;
  let timer: NodeJS.Timeout | undefined;
  let unfollow = () => {};

  async function refresh(): Promise<void> {
    const stored = await readStored({ hot });
    if (stored === null) return;
    const next = effectiveSettings({ stored: valuesOf(stored), environment });
    settings = next.settings;
    known = true;
    const isIgnoring = next.ignored.length > 0;
    if (isIgnoring && !warned) log.warn("ignored saved horizons and sync interval: they contradict the other settings");
    warned = isIgnoring;
  }

  const refreshQuietly = () => refresh().catch((error: unknown) => log.warn({ err: error }, "could not read settings"));

  return {
    environment,
    current: () => settings,
    isKnown: () => known,
    refresh,
    async start() {
      if (timer) return;
      timer = setInterval(refreshQuietly, POLL_MS);
      timer.unref();
      unfollow = settingsChannel.follow({
        changed: refreshQuietly,
        failed: (error) => log.debug({ err: error }, "settings subscription failed"),
      });
      await refreshQuietly();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      unfollow();
    },
  };
}
