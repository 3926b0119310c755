import { z } from "zod";
import type { ChainLink } from "./chain";

/** Entries outside of the chains, which older releases recorded. */
export interface Unchained {
  count: number;
  /** A digest of the entries' ids and texts, independent of the order. */
  digest: string;
}

/** The statement of an audit entry `audit.checkpoint` about a chain. */
export interface Checkpoint extends ChainLink, Unchained {
  chain: number;
  /** `start`: the chain begins after this link. `retention`: entries up to this link were older than the retention. */
  reason: "start" | "retention";
  /** The retention covers entries outside of the chains before this time, epoch ms. Null at the start. */
  beforeMs: number | null;
}

const Stated = z.object({
  chain: z.int(),
  seq: z.int(),
  hash: z.string(),
  reason: z.enum(["start", "retention"]),
  beforeMs: z.int().nullable(),
  unchained: z.object({ count: z.int(), digest: z.string() }),
});

/** The target of the checkpoints of a chain. */
export const chainName = (chain: number) => `chain:${chain}`;

/** The fields `action`, `target` and `after` of a checkpoint's entry. */
export function checkpointFacts({ count, digest, ...rest }: Checkpoint) {
  return {
    action: "audit.checkpoint",
    target: chainName(rest.chain),
    after: { ...rest, unchained: { count, digest } },
  } as const;
}

/** Null if the entry's `after` is not that of a checkpoint. Throws SyntaxError for text that is not JSON. */
export function readCheckpoint(json: string): Checkpoint | null {
  const { after } = JSON.parse(json) as { after?: unknown };
  const stated = Stated.safeParse(after);
  if (!stated.success) return null;
  const { unchained, ...rest } = stated.data;
  return { ...rest, ...unchained };
}
