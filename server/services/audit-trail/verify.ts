import { CHAIN_START, type ChainFault, type ChainLink, followChain } from "~/server/domain/audit/chain";
import { type Checkpoint, readCheckpoint } from "~/server/domain/audit/checkpoint";
import { decodeCursor, encodeCursor } from "~/server/domain/cursor";
import { AppError } from "~/server/domain/errors";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import type { VerifyAuditInput } from "./inputs";

const SORT = { sort: "audit-chain", type: "number" } as const;

/** The current chain of a check, its last good link, and the number of entries checked in all chains. */
interface Progress {
  chain: number;
  link: ChainLink;
  entries: number;
}

/** The result of a check so far. `nextCursor` is null if no entries are left to check, or a fault was found. */
export interface ChainCheck {
  /** False if a fault was found. */
  intact: boolean;
  /** The number of checked entries, including earlier pages. */
  entries: number;
  /** The number of entries from before the chains that match the newest checkpoint; 0 until the last page. */
  older: number;
  fault: (ChainFault & { message: string }) | null;
  nextCursor: string | null;
}

/**
 * Checks a page of the hash chains of the audit trail, up to the first fault. The check of a chain begins at its newest
 * checkpoint, because older entries may have been deleted by age. The end of each chain is compared with the newest
 * link in Redis. The last page compares the entries outside of chains with the newest checkpoint. Throws
 * `cursor_invalid`.
 */
export async function verifyAudit(call: { ctx: Ctx; input: VerifyAuditInput }): Promise<ChainCheck> {
  requireRight(call.ctx, "audit:read");
  const { deps } = call.ctx;
  const { cursor, limit } = call.input;
  let at = cursor === undefined ? await startOfNextChain(deps, { chain: -1, entries: 0 }) : readProgress(cursor);
  for (let left = limit; at !== null; ) {
    // Read before the entries, because the recorder inserts entries before it acknowledges them.
    const acknowledged = at.chain < deps.hot.shards ? await deps.hot.auditHead(at.chain) : null;
    const rows = await deps.store.chainedAudit({ chain: at.chain, afterSeq: at.link.seq, limit: left });
    const { link, fault } = followChain(at.chain, at.link, rows);
    const entries: number = at.entries + link.seq - at.link.seq;
    const isEnd = rows.length < left;
    const found = fault ?? (isEnd ? cutOff(at.chain, link, acknowledged) : null);
    if (found !== null) {
      const expired = await checkpointOf(deps, at.chain);
      // Entries were deleted by age since the check of this chain began.
      if (expired !== null && expired.seq > link.seq) {
        at = { ...at, link: expired, entries };
        continue;
      }
      return broken(entries, found);
    }
    left -= rows.length;
    if (left <= 0 && !isEnd) return { ...INTACT, entries, nextCursor: progressCursor({ ...at, link, entries }) };
    at = await startOfNextChain(deps, { chain: at.chain, entries });
    if (at === null) return checkOutside(deps, entries);
  }
  return checkOutside(deps, 0);
}

const INTACT = { intact: true, older: 0, fault: null, nextCursor: null } as const;

/** Returns the beginning of the next chain; null after the last chain. */
async function startOfNextChain(deps: Deps, after: { chain: number; entries: number }): Promise<Progress | null> {
  const stored = await deps.store.nextAuditChain(after.chain);
  // If all entries of a chain were removed, only Redis has the chain.
  const shard = after.chain + 1 < deps.hot.shards ? after.chain + 1 : null;
  const chain = Math.min(stored ?? Number.POSITIVE_INFINITY, shard ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(chain)) return null;
  return { chain, link: (await checkpointOf(deps, chain)) ?? CHAIN_START, entries: after.entries };
}

async function checkpointOf(deps: Deps, chain: number): Promise<Checkpoint | null> {
  const json = await deps.store.auditCheckpoint(chain);
  return json === null ? null : readCheckpoint(json);
}

/** Returns a fault if Redis has a newer link than the end of the chain. */
function cutOff(chain: number, link: ChainLink, acknowledged: ChainLink | null): ChainFault | null {
  if (acknowledged === null || acknowledged.seq <= link.seq) return null;
  return { kind: "missing", chain, fromSeq: link.seq + 1, toSeq: acknowledged.seq, entryId: null };
}

/** Compares the entries outside of chains with the newest checkpoint. */
async function checkOutside(deps: Deps, entries: number): Promise<ChainCheck> {
  const checkpoint = await newestCheckpoint(deps);
  if (checkpoint === null) return { ...INTACT, entries };
  const now = await deps.store.unchainedAudit(checkpoint.beforeMs ?? 0);
  if (now.count === checkpoint.count && now.digest === checkpoint.digest)
    return { ...INTACT, entries, older: now.count };
  const outside = { chain: null, fromSeq: null, toSeq: null, entryId: null };
  if (now.count === checkpoint.count) return broken(entries, { kind: "changed", ...outside });
  return broken(entries, { kind: now.count < checkpoint.count ? "missing" : "inserted", ...outside });
}

async function newestCheckpoint(deps: Deps): Promise<Checkpoint | null> {
  let last: Checkpoint | null = null;
  for (
    let chain = await deps.store.nextAuditChain(-1);
    chain !== null;
    chain = await deps.store.nextAuditChain(chain)
  ) {
    const found = await checkpointOf(deps, chain);
    if (found !== null && (last === null || (found.beforeMs ?? 0) > (last.beforeMs ?? 0))) last = found;
  }
  return last;
}

function broken(entries: number, fault: ChainFault): ChainCheck {
  return { intact: false, entries, older: 0, fault: { ...fault, message: messageOf(fault) }, nextCursor: null };
}

function messageOf({ kind, chain, fromSeq, toSeq, entryId }: ChainFault): string {
  if (chain === null || fromSeq === null || toSeq === null) {
    const what = { missing: "removed", changed: "changed", inserted: "added" }[kind];
    return `Entries outside of the chains were ${what}.`;
  }
  if (kind === "missing") {
    const count = toSeq - fromSeq + 1;
    const range = count === 1 ? `Entry ${fromSeq}` : `Entries ${fromSeq} to ${toSeq}`;
    return `${range} of chain ${chain} ${count === 1 ? "is" : "are"} missing.`;
  }
  if (kind === "changed") return `Entry ${fromSeq} of chain ${chain} (${entryId}) was changed after it was recorded.`;
  return `Entry ${fromSeq} of chain ${chain} (${entryId}) was not recorded by a worker.`;
}

const progressCursor = ({ chain, link, entries }: Progress) =>
  encodeCursor(SORT.sort, { value: entries, id: `${chain}:${link.seq}:${link.hash}` });

function readProgress(cursor: string): Progress {
  const { value, id } = decodeCursor(cursor, SORT);
  const [, chain, seq, hash] = /^(\d{1,9}):(\d{1,15}):([0-9a-f]{64})$/.exec(id) ?? [];
  if (chain === undefined || seq === undefined || hash === undefined) {
    throw new AppError("cursor_invalid", "The cursor does not belong to a check of the audit trail. Start again.");
  }
  return { chain: Number(chain), link: { seq: Number(seq), hash }, entries: Number(value) };
}
