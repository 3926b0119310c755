import type { Logger } from "pino";
import { DEFAULT_SETTINGS, Settings } from "~/server/domain/settings";
import type { SettingsChannel } from "~/server/ports/shared-state/settings-channel";
import type { Deps, SettingsSource } from "~/server/services/ctx";
import { readStored, valuesOf } from "./stored";

/** Changes come by pub/sub; the poll catches what a broken connection missed. */
const POLL_MS = 5000;

export interface RunningSettingsSource extends SettingsSource {
  /** Reads once, then follows changes. Safe to call twice. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Lays the environment over the saved values over the defaults. Saved ones that break the rule between them do not
 * count.
 */
export function effectiveSettings(input: { stored: Partial<Settings>; environment: Partial<Settings> }): {
  settings: Settings;
  ignoredStored: boolean;
} {
  const together = Settings.safeParse({ ...DEFAULT_SETTINGS, ...input.stored, ...input.environment });
  if (together.success) return { settings: together.data, ignoredStored: false };
  // The environment alone was checked at start, so it stands.
  const { transferHorizonSeconds, clickhouseSyncInterval, immediateHorizonSeconds, ...rest } = input.stored;
  return { settings: { ...DEFAULT_SETTINGS, ...rest, ...input.environment }, ignoredStored: true };
}

/**
 * The settings in force in this process. Until the first read they are those of the environment and the defaults, and
 * `isKnown` is false. Where Redis was lost, what was known stays in force until the saved ones are restored.
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
    if (next.ignoredStored && !warned) log.warn("saved horizons break the rule between them and are not used");
    warned = next.ignoredStored;
  }

  const refreshQuietly = () => refresh().catch((error: unknown) => log.warn({ err: error }, "settings not read"));

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
        failed: (error) => log.debug({ err: error }, "settings subscription"),
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
