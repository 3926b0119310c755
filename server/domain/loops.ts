const LOOP_NAMES = [
  "execute",
  "rescue",
  "record",
  "promote",
  "breakers",
  "early-trials",
  "consume",
  "bulk",
  "pauses",
  "watch",
  "self-test",
  "cleanup",
  "audit-stream",
  "heartbeat",
  "virtual-clock",
] as const;
export type LoopName = (typeof LOOP_NAMES)[number];

/** The id of a running loop. A number is that of the loop's shard or audit receiver, as in "record-0". */
export type LoopId = LoopName | `${LoopName}-${number}`;

/** The name of the loop; null for a loop that this release does not know. */
export function loopNameOf(id: string): LoopName | null {
  const base = id.replace(/-\d+$/, "");
  return LOOP_NAMES.find((name) => name === base) ?? null;
}
