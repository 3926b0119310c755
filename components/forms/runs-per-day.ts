const DAY_MS = 86_400_000;

/** About how many runs a day these times (epoch ms, ascending) are; null if less than one or unknown. */
export function runsPerDay(times: readonly number[]): number | null {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || last <= first) return null;
  const perDay = ((times.length - 1) * DAY_MS) / (last - first);
  return perDay < 1 ? null : Math.round(perDay);
}
