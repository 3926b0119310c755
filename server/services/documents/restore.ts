import type { CopiedDocument, CopiedKind } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { confirmed } from "./confirmed";

export type CopyDeps = Pick<Deps, "hot" | "store" | "log">;

/** A small table that ClickHouse owns and Redis copies. */
export interface CopiedTable {
  kind: CopiedKind;
  /** The secondary key of a document, null for none. Throws if this release cannot read the document. */
  indexOf(json: string): string | null;
}

const runningRestores = new WeakMap<CopyDeps["hot"], Map<CopiedKind, Promise<number>>>();

/**
 * Fills Redis's copy of a table from ClickHouse. The newer version of a document or tombstone wins. Several processes
 * may do this at once. Returns how many documents were missing or older in Redis.
 * @throws AppError `clickhouse_unavailable`.
 */
export function restoreCopy(deps: CopyDeps, table: CopiedTable): Promise<number> {
  const byKind = runningRestores.get(deps.hot) ?? new Map<CopiedKind, Promise<number>>();
  runningRestores.set(deps.hot, byKind);
  const running = byKind.get(table.kind);
  if (running) return running;
  const work = confirmed(fill(deps, table)).finally(() => byKind.delete(table.kind));
  byKind.set(table.kind, work);
  return work;
}

/**
 * Restores the copy if Redis lost it. Call this before treating a missing document as nonexistent.
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
      log.error({ err: error, kind: table.kind, key: row.key }, "skipped unreadable stored document");
    }
  }
  const restored = await hot.copyDocuments(table.kind, documents);
  // Mark the copy as complete last, because until then a missing document may not have been copied yet.
  await hot.completeCopy(table.kind);
  return restored;
}
