/**
 * The effective time of an occurrence (epoch ms): its nominal time plus a delay below `jitterSeconds`. The delay
 * depends only on the occurrence's key, so every process and every retry computes the same delay (semantics §5). The
 * effective time is before the next nominal time. `nextNominalMs` is null for the last occurrence.
 */
export function effectiveTime(input: {
  scheduleId: string;
  nominalMs: number;
  jitterSeconds: number;
  nextNominalMs: number | null;
}): number {
  const { scheduleId, nominalMs, jitterSeconds, nextNominalMs } = input;
  const untilNextMs = nextNominalMs === null ? Number.POSITIVE_INFINITY : nextNominalMs - nominalMs;
  const windowMs = Math.max(0, Math.min(jitterSeconds * 1000, untilNextMs));
  if (windowMs === 0) return nominalMs;
  return nominalMs + Math.floor(fraction(`${scheduleId}@${nominalMs}`) * windowMs);
}

/**
 * A time that the effective time of an occurrence never exceeds (epoch ms): the nominal time plus the full
 * `jitterSeconds`, even if the cron fires sooner. Unlike the effective time, it needs neither the cron nor the id, so
 * that a store can compare it.
 */
export function latestEffectiveTime(nominalMs: number, jitterSeconds: number): number {
  return nominalMs + jitterSeconds * 1000;
}

/** A hash in [0, 1): FNV-1a, which alone spreads keys with a common prefix badly, with the finaliser of murmur3. */
function fraction(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
