/** IANA's name of a release: the year and a letter, `2026f`. */
export const VERSION_PATTERN = /^\d{4}[a-z]{1,2}$/;

/** Below zero where `a` is the older release. After `2026z` comes `2026za`. */
export function compareVersions(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
