/** The loops of a worker. Pages, health and the worker itself take their names from here. */
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
  "heartbeat",
] as const;
export type LoopName = (typeof LOOP_NAMES)[number];

/** How a running loop is called: a loop of a shard carries the shard's number, as in "record-0". */
export type LoopId = LoopName | `${LoopName}-${number}`;

/** The loop that an id belongs to; null for a loop that only another version of the worker has. */
export function loopNameOf(id: string): LoopName | null {
  const base = id.replace(/-\d+$/, "");
  return LOOP_NAMES.find((name) => name === base) ?? null;
}
