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

export interface RefusedEntry {
  json: string;
  reason: string;
}

/**
 * Records the audit entries of a batch in the chain of its shard (docs/adr/0020). Repeating a batch adds nothing.
 * Refused entries get no place in the chain.
 * @returns the newest link, for the acknowledgement of the batch; null if the batch has no audit entry or the chain is
 * empty
 */
export async function recordAudit(
  deps: Deps,
  batch: OutboxBatch,
): Promise<{ head: ChainLink | null; refused: RefusedEntry[] }> {
  const documents = batch.documents.filter(({ kind }) => kind === DOCUMENT_KIND.auditEntry);
  if (documents.length === 0) return { head: null, refused: [] };
  const { rows, refused } = await readableRows(documents);
  const head = await headOf(deps, batch.shard);
  // Read after the head. If the head includes the batch, the ids of its entries are then found.
  const recorded = await deps.store.recordedAudit(rows.map(({ key }) => key));
  const added = rows.filter(({ key }) => !recorded.has(key));
  const [first] = added;
  if (first === undefined) return { head, refused };
  const start = head === null ? [await chainStart(deps, batch.shard, first)] : [];
  const inserted = await insertChained(deps, batch, { from: head ?? CHAIN_START, rows: [...start, ...added] });
  return { head: inserted.head, refused: [...refused, ...inserted.refused] };
}

/**
 * The newer of the last links in ClickHouse and in Redis. Redis is behind after a batch that was not acknowledged, and
 * after a restart that lost writes. ClickHouse is behind if a replica lags, or if its newest rows were removed. The
 * entry after removed rows leaves a gap that the check finds.
 */
async function headOf(deps: Deps, chain: number): Promise<ChainLink | null> {
  const acknowledged = await deps.hot.auditHead(chain);
  const stored = await deps.store.auditHead({ chain, fromSeq: acknowledged?.seq ?? 0 });
  return newerLink(stored, acknowledged);
}

/** Keeps the first of several documents with the same id, such as an append that was sent twice. */
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

/** Creates the first entry of a chain. It describes the entries outside of chains, and has the time of `row`. */
async function chainStart(deps: Deps, chain: number, row: DocumentRow): Promise<DocumentRow> {
  const at = row.version;
  const unchained = await deps.store.unchainedAudit(0);
  const facts = checkpointFacts({ chain, ...CHAIN_START, ...unchained, reason: "start", beforeMs: null });
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
  { shard: chain, insertToken: token }: OutboxBatch,
  { from, rows }: Chaining,
): Promise<{ head: ChainLink; refused: RefusedEntry[] }> {
  // Older releases used the same token, so repeating a batch that they inserted adds nothing.
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

/** Adds links to the rows. Yields to the event loop, so that a large batch does not delay due events. */
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
