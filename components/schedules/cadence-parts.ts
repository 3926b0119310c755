/**
 * The words and the zone of a cadence, which ends in its zone in parentheses: "Every hour (UTC)". `zone` is null for
 * "Once", and for a cron that cannot be described.
 */
export function cadenceParts(cadence: string): { words: string; zone: string | null } {
  const found = /^(.*) \(([^()]+)\)$/.exec(cadence);
  return { words: found?.[1] ?? cadence, zone: found?.[2] ?? null };
}
