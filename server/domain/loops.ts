/** The loops of a worker. Pages, health and the worker use these names. */
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
] as const;
export type LoopName = (typeof LOOP_NAMES)[number];

/** The id of a running loop: loops of a shard have its number, as in "record-0". */
export type LoopId = LoopName | `${LoopName}-${number}`;

/** The loop of an id; null if only another release of the worker has it. */
export function loopNameOf(id: string): LoopName | null {
  const base = id.replace(/-\d+$/, "");
  return LOOP_NAMES.find((name) => name === base) ?? null;
}
