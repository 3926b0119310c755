import type { RouterOutputs } from "~/components/trpc/client";
import { formatDuration } from "~/components/ui/format";

const NAMES = [
  "immediateHorizonSeconds",
  "transferHorizonSeconds",
  "clickhouseSyncInterval",
  "executionHistoryTtlDays",
  "auditRetentionDays",
] as const;

/** Values of the settings that texts of the system page mention. A value is undefined until the settings are loaded. */
export type KnownSettings = { [Name in (typeof NAMES)[number]]?: number };

/** Picks the values of `KnownSettings` from the list of settings. */
export function knownSettings(list: RouterOutputs["settings"]["list"] | undefined): KnownSettings {
  const known: KnownSettings = {};
  for (const name of NAMES) {
    const value = list?.items.find((item) => item.name === name)?.value;
    if (typeof value === "number") known[name] = value;
  }
  return known;
}

/** "1 h" from 3600; undefined stays undefined. */
export function spanOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : formatDuration(seconds * 1000);
}
