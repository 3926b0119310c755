import type { ChainedEntry } from "~/server/domain/audit/chain";
import { readAuditEntry } from "~/server/domain/audit/entry";
import type { AuditReceiver, AuditStreamEntry } from "~/server/ports/audit-receiver";
import type { Deps } from "../ctx";
import { shownEntries } from "../protection/audit-entries";
import { MASKED } from "../protection/content";
import { writeStreamState } from "./state";

/** Limits of one delivery. A larger entry is delivered by itself. */
const MAX_ENTRIES = 200;
const MAX_CHARS = 1_000_000;

type StreamDeps = Pick<Deps, "store" | "clock" | "reports" | "protection" | "env">;

/** Delivers the audit trail to one receiver. */
export interface AuditStream {
  /**
   * Delivers the next entries of each chain. Returns whether more entries wait. Throws if a delivery fails; the next
   * call repeats it.
   */
  once(): Promise<boolean>;
}

/** ClickHouse keeps how far each chain was delivered. A crash before that is written repeats a delivery. */
export function createAuditStream(deps: StreamDeps, receiver: AuditReceiver): AuditStream {
  return {
    async once() {
      const delivered = await deps.store.deliveredAudit(receiver.name);
      const waiting = new Map<number, Waiting>();
      let error: Error | null = null;
      for (let chain = await deps.store.nextAuditChain(-1); chain !== null; ) {
        const at = { chain, afterSeq: delivered.get(chain) ?? 0 };
        const left = await deliverNext(deps, receiver, at).catch(async (thrown: Error) => {
          error ??= thrown;
          return waitingOf(deps, at);
        });
        waiting.set(chain, left);
        chain = await deps.store.nextAuditChain(chain);
      }
      const behind = [...waiting.values()].reduce((sum, one) => sum + one.count, 0);
      const oldest = [...waiting.values()].flatMap(({ oldestMs }) => oldestMs ?? []);
      const oldestMs = oldest.length === 0 ? null : Math.min(...oldest);
      await writeStreamState(deps, { receiver: receiver.name, behind, oldestMs, atMs: deps.clock.now(), error });
      if (error !== null) throw error;
      return behind > 0;
    },
  };
}

/** The number of entries of a chain that are not delivered, and the time of the oldest, epoch ms. */
interface Waiting {
  count: number;
  oldestMs: number | null;
}

async function deliverNext(
  deps: StreamDeps,
  receiver: AuditReceiver,
  { chain, afterSeq }: { chain: number; afterSeq: number },
): Promise<Waiting> {
  const rows = await deps.store.chainedAudit({ chain, afterSeq, limit: MAX_ENTRIES });
  const part = await Promise.all(withinSize(rows).map((row) => streamEntryOf(deps, row, chain)));
  const last = part.at(-1);
  if (last === undefined) return { count: 0, oldestMs: null };
  await receiver.send(part, deps.clock.now());
  await deps.store.recordDelivered({ receiver: receiver.name, chain, seq: last.seq });
  return waitingOf(deps, { chain, afterSeq: last.seq });
}

async function waitingOf(deps: StreamDeps, at: { chain: number; afterSeq: number }): Promise<Waiting> {
  const [first] = await deps.store.chainedAudit({ ...at, limit: 1 });
  if (first === undefined) return { count: 0, oldestMs: null };
  const head = await deps.store.auditHead({ chain: at.chain, fromSeq: first.seq });
  return { count: (head?.seq ?? first.seq) - first.seq + 1, oldestMs: facts(first).atMs };
}

function withinSize(rows: readonly ChainedEntry[]): ChainedEntry[] {
  let chars = 0;
  const end = rows.findIndex((row) => {
    chars += row.json.length;
    return chars > MAX_CHARS;
  });
  return end < 0 ? [...rows] : rows.slice(0, Math.max(1, end));
}

/** An entry as receivers get it. `masked` lists masked values, if there are any. The hash is of the stored entry. */
async function streamEntryOf(deps: StreamDeps, row: ChainedEntry, chain: number): Promise<AuditStreamEntry> {
  const { seq, hash, json } = row;
  // Encrypted contents stay unreadable outside: without keys they are masked as a whole.
  const withoutKeys = { ...deps, env: { ...deps.env, payloadKeys: [] } };
  const [shown] = await shownEntries(withoutKeys, [readAuditEntry(json)], MASKED);
  const masked = shown === undefined ? [] : shown.masked;
  const { before, after } = shown ?? {};
  const text = masked.length === 0 ? json : JSON.stringify({ ...JSON.parse(json), before, after, masked });
  return { chain, seq, hash, json: text, ...facts(row) };
}

function facts({ json }: ChainedEntry): Pick<AuditStreamEntry, "atMs" | "result"> {
  const { at, result } = JSON.parse(json) as { at: number; result?: string };
  return { atMs: at, result: result ?? "succeeded" };
}
