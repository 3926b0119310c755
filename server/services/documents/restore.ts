import type { CopiedDocument, CopiedKind } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { confirmed } from "./confirmed";

export type CopyDeps = Pick<Deps, "hot" | "store" | "log">;

/** A small table whose home is ClickHouse and of which Redis has a copy. */
export interface CopiedTable {
  kind: CopiedKind;
  /** What a document is found by beside its key. Throws for one that this version cannot read. */
  indexOf(json: string): string | null;
}

const underWay = new WeakMap<CopyDeps["hot"], Map<CopiedKind, Promise<number>>>();

/**
 * Fills the copy of a table from ClickHouse; the newer version wins, a deleted one too, so that what was removed does
 * not come back. Any number of processes may do it at once. Answers how many documents were newer than the copy.
 * @throws AppError `clickhouse_unavailable`: what the table has stays unknown.
 */
export function restoreCopy(deps: CopyDeps, table: CopiedTable): Promise<number> {
  const ours = underWay.get(deps.hot) ?? new Map<CopiedKind, Promise<number>>();
  underWay.set(deps.hot, ours);
  const running = ours.get(table.kind);
  if (running) return running;
  const work = confirmed(fill(deps, table)).finally(() => ours.delete(table.kind));
  ours.set(table.kind, work);
  return work;
}

/**
 * Returns at once where Redis has the copy, and fills it where it was lost. To be called before a missing document
 * counts as one that does not exist.
 * @throws AppError `clickhouse_unavailable`.
 */
export async function requireCopy(deps: CopyDeps, table: CopiedTable): Promise<void> {
  if (!(await deps.hot.isCopied(table.kind))) await restoreCopy(deps, table);
}

async function fill({ hot, store, log }: CopyDeps, table: CopiedTable): Promise<number> {
  const documents: CopiedDocument[] = [];
  for (const row of await store.shared.documents(table.kind)) {
    try {
      documents.push({ ...row, index: table.indexOf(row.json) });
    } catch (error) {
      log.error({ err: error, kind: table.kind, key: row.key }, "stored document cannot be read, left out");
    }
  }
  const restored = await hot.copyDocuments(table.kind, documents);
  // Last: until then a missing document may be one that was not copied yet.
  await hot.completeCopy(table.kind);
  return restored;
}
