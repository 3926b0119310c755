/** The name of an IANA release: the year and one or two letters, `2026f`. */
export const VERSION_PATTERN = /^\d{4}[a-z]{1,2}$/;

/** Negative if `a` is the older release. `2026za` follows `2026z`. */
export function compareVersions(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
