import { CHAIN_START, type ChainLink, newerLink, nextLink } from "~/server/domain/audit/chain";
import { checkpointFacts } from "~/server/domain/audit/checkpoint";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { repeatableAuditId } from "~/server/new-audit-id";
import type { OutboxBatch } from "~/server/ports/hot/outbox";
import type { ChainedRow } from "~/server/ports/store/audit-chain";
import type { DocumentRow } from "~/server/ports/store/documents";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import type { Deps } from "../ctx";
import { SYSTEM_PRINCIPAL } from "../principal";
import { documentRow } from "./document-row";

/** An entry that was not recorded, and why. */
export interface RefusedEntry {
  json: string;
  reason: string;
}

/**
 * Records the audit entries of a batch in the chain of its shard (docs/adr/0020). Repeating a batch adds nothing: an
 * entry that is recorded keeps its place. Entries that cannot be recorded get no place in the chain.
 * @returns the newest link, for the acknowledgement of the batch; null if the batch has no audit entry
 */
export async function recordAudit(
  deps: Deps,
  batch: OutboxBatch,
): Promise<{ head: ChainLink | null; refused: RefusedEntry[] }> {
  const documents = batch.documents.filter(({ kind }) => kind === DOCUMENT_KIND.auditEntry);
  if (documents.length === 0) return { head: null, refused: [] };
  const { rows, refused } = await readableRows(documents);
  const head = await headOf(deps, batch.shard);
  // Read after the head: a head that includes the batch then implies that its ids are found.
  const recorded = await deps.store.recordedAudit(rows.map(({ key }) => key));
  const added = rows.filter(({ key }) => !recorded.has(key));
  const [first] = added;
  if (first === undefined) return { head, refused };
  const start = head === null ? [await chainStart(deps, batch.shard, first)] : [];
  const inserted = await insertChained(deps, batch, { from: head ?? CHAIN_START, rows: [...start, ...added] });
  return { head: inserted.head, refused: [...refused, ...inserted.refused] };
}

/**
 * The newest link of the shard's chain: that of ClickHouse or that of Redis, whichever is newer. Redis is behind after
 * a batch that was not acknowledged and after a restart that lost writes. ClickHouse is behind if a replica lags or
 * newest rows were removed; the next entry then leaves a gap that the check finds.
 */
async function headOf(deps: Deps, chain: number): Promise<ChainLink | null> {
  const acknowledged = await deps.hot.auditHead(chain);
  const stored = await deps.store.auditHead({ chain, fromSeq: acknowledged?.seq ?? 0 });
  return newerLink(stored, acknowledged);
}

/** Reads the documents. Of documents with the same id, which a repeated step of a bulk job writes, keeps the first. */
async function readableRows(
  documents: readonly { json: string }[],
): Promise<{ rows: DocumentRow[]; refused: RefusedEntry[] }> {
  const yieldIfDue = createYielder();
  const rows = new Map<string, DocumentRow>();
  const refused: RefusedEntry[] = [];
  for (const { json } of documents) {
    try {
      const row = documentRow(json);
      if (!rows.has(row.key)) rows.set(row.key, row);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      refused.push({ json, reason: reasonOf(error) });
    }
    const turn = yieldIfDue();
    if (turn) await turn;
  }
  return { rows: [...rows.values()], refused };
}

/** The first entry of a chain. It states what the trail had before, and has the time of the entry that follows it. */
async function chainStart(deps: Deps, chain: number, { version: at }: DocumentRow): Promise<DocumentRow> {
  const before = await deps.store.unchainedAudit(0);
  const facts = checkpointFacts({ chain, ...CHAIN_START, ...before, reason: "start", beforeMs: null });
  const key = repeatableAuditId(at, facts.target);
  const { id: actorId, name: actor, via } = SYSTEM_PRINCIPAL;
  const json = JSON.stringify({ id: key, at, actorId, actor, via, requestId: "recorder", ...facts });
  return { key, json, version: at, deleted: false };
}

interface Chaining {
  from: ChainLink;
  rows: readonly DocumentRow[];
}

async function insertChained(
  deps: Deps,
  { shard: chain, token }: OutboxBatch,
  { from, rows }: Chaining,
): Promise<{ head: ChainLink; refused: RefusedEntry[] }> {
  // The token of older releases, so that a batch which one of them inserted adds nothing.
  const tokenOf = (piece: string) => `${token}:${DOCUMENT_KIND.auditEntry}${piece}:${DOCUMENT_KIND.auditEntry}`;
  const chained = await chainRows(from, rows);
  try {
    await deps.store.insertAudit({ token: tokenOf(""), chain, rows: chained });
    return { head: linkOf(chained.at(-1) ?? from), refused: [] };
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, token }, "ClickHouse refused audit entries, inserting one by one");
  }
  let head = from;
  const refused: RefusedEntry[] = [];
  for (const row of rows) {
    const [next] = (await chainRows(head, [row])) as [ChainedRow];
    try {
      await deps.store.insertAudit({ token: tokenOf(`/${row.key}`), chain, rows: [next] });
      head = linkOf(next);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      refused.push({ json: row.json, reason: reasonOf(error) });
    }
  }
  return { head, refused };
}

const linkOf = ({ seq, hash }: ChainLink): ChainLink => ({ seq, hash });

/** Computes the links. A large batch yields to the event loop, so that it does not delay due events. */
async function chainRows(from: ChainLink, rows: readonly DocumentRow[]): Promise<ChainedRow[]> {
  const yieldIfDue = createYielder();
  const chained: ChainedRow[] = [];
  let link = from;
  for (const { key, json, version } of rows) {
    link = nextLink(link, json);
    chained.push({ key, json, version, ...link });
    const turn = yieldIfDue();
    if (turn) await turn;
  }
  return chained;
}
