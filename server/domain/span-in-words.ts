const UNITS = [
  ["year", 365.25 * 86_400_000],
  ["month", 30.44 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A length of time in the largest unit of which it has at least two, else in seconds: "90 minutes", "1 second". */
export function spanInWords(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, length]) => Math.abs(ms) >= 2 * length) ?? UNITS[5];
  const count = Math.floor(Math.abs(ms) / unitMs);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
