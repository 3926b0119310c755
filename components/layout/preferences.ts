import { isZone } from "~/components/ui/zones";

export type Theme = "light" | "dark" | "system";
export type Density = "comfortable" | "compact";

/** Preferences, each stored in a cookie of the same name. */
export interface Preferences {
  theme: Theme;
  density: Density;
  /** The display zone, an IANA name. */
  zone: string;
  hour12: boolean;
  /** Whether shortcuts without a modifier key work. */
  shortcuts: boolean;
  sidebar: "open" | "narrow";
  /** The columns of the lists, as `tables/column-choice.ts` writes them. */
  columns: string;
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: "system",
  density: "comfortable",
  zone: "UTC",
  hour12: false,
  shortcuts: true,
  sidebar: "open",
  columns: "",
};

const oneOf = <T extends string>(value: string | undefined, allowed: readonly T[], fallback: T): T =>
  allowed.find((item) => item === value) ?? fallback;

/** Reads preferences with `get(cookie name)`. Missing and unknown values become the default. */
export function parsePreferences(get: (name: keyof Preferences) => string | undefined): Preferences {
  const zone = get("zone");
  return {
    theme: oneOf(get("theme"), ["light", "dark", "system"], DEFAULT_PREFERENCES.theme),
    density: oneOf(get("density"), ["comfortable", "compact"], DEFAULT_PREFERENCES.density),
    zone: zone && isZone(zone) ? zone : DEFAULT_PREFERENCES.zone,
    hour12: get("hour12") === "true",
    shortcuts: get("shortcuts") !== "false",
    sidebar: oneOf(get("sidebar"), ["open", "narrow"], DEFAULT_PREFERENCES.sidebar),
    columns: get("columns") ?? DEFAULT_PREFERENCES.columns,
  };
}

const YEAR_SECONDS = 31_536_000;

/** The cookie of one preference, as a `document.cookie` string. */
export function preferenceCookie<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): string {
  return `${name}=${encodeURIComponent(String(value))}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
