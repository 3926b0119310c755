import { DOCUMENT_KINDS, type DocumentRow } from "~/server/adapters/clickhouse/store-types";
import type { Deps } from "../ctx";

/** Outbox entries of one insert. */
const BATCH = 2000;
/** A fence outlives its row's arrival in ClickHouse by this: longer than any reader holds a row that it acts on. */
const FENCE_TTL_MS = 3_600_000;

/**
 * Moves one batch of a shard's outbox into ClickHouse and trims it after the acknowledgement. A crash or an ambiguous failure in between
 * repeats the same batch under the same token, which adds nothing. Answers how many entries it moved.
 */
export async function recordOnce(deps: Deps, shard: number): Promise<number> {
  const batch = await deps.hot.readBatch({ shard, limit: BATCH });
  if (batch === null) return 0;
  await deps.store.insertBatch({
    token: batch.token,
    schedules: batch.schedules,
    executions: batch.executions,
    mayRepeat: batch.mayRepeat,
  });
  for (const kind of DOCUMENT_KINDS) {
    const rows = batch.documents.filter((one) => one.kind === kind).map((one) => documentRow(one.json));
    if (rows.length > 0) await deps.store.insertDocuments({ token: `${batch.token}:${kind}`, kind, rows });
  }
  await deps.hot.ackBatch({ batch, fenceTtlMs: FENCE_TTL_MS });
  return batch.entries;
}

/** Documents name themselves: `id`, and `version` or `at`; `deleted` where they end. */
function documentRow(json: string): DocumentRow {
  const document = JSON.parse(json) as { id: string; version?: number; at?: number; deleted?: boolean };
  return { key: document.id, json, version: document.version ?? document.at ?? 0, deleted: document.deleted === true };
}
