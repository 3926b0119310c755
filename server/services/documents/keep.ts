import { AppError } from "~/server/domain/errors";
import type { CopiedDocument, CopiedKind } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { confirmed } from "./confirmed";

type KeepDeps = Pick<Deps, "hot" | "store" | "log">;

const UNCONFIRMED =
  "The change is in force, but the history store (ClickHouse) has not confirmed it: if Redis is lost before ClickHouse is back, it is undone.";

const insert = ({ store }: KeepDeps, kind: CopiedKind, documents: readonly CopiedDocument[]) => {
  const token = documents.map(({ key, version }) => `${key}:${version}`).join(",");
  const rows = documents.map(({ key, json, version, deleted }) => ({ key, json, version, deleted }));
  return confirmed(store.insertDocuments({ token, kind, rows }));
};

/**
 * Stores documents in ClickHouse, then in Redis: what is acknowledged outlives a lost Redis. `undo` is the former state
 * of each under a newer version, for an insert whose answer was lost.
 * @throws AppError `clickhouse_unavailable`: nothing was kept.
 */
export async function keepDocuments(
  deps: KeepDeps,
  kind: CopiedKind,
  changes: readonly { document: CopiedDocument; undo: CopiedDocument }[],
): Promise<void> {
  try {
    await insert(
      deps,
      kind,
      changes.map(({ document }) => document),
    );
  } catch (error) {
    for (const { undo } of changes) {
      await deps.hot.append(kind, undo.json);
      await deps.hot.copyDocuments(kind, [undo]);
    }
    throw new AppError(
      "clickhouse_unavailable",
      "The history store (ClickHouse) has not confirmed the change; nothing was kept. Try again.",
      { cause: error },
    );
  }
  await deps.hot.copyDocuments(
    kind,
    changes.map(({ document }) => document),
  );
}

/**
 * Waits until ClickHouse has a change that is in force. Throws `clickhouse_unavailable`: a Redis that is lost now would
 * forget it.
 */
export type Confirm = () => Promise<void>;

/**
 * Puts a document in force in Redis: a block or a removal must not wait for ClickHouse. The outbox brings it there in
 * any case; the answer waits for it, to be called when all else of the change is done.
 * @throws AppError `conflict` when somebody else changed it at the same moment.
 */
export async function enforceDocument(deps: KeepDeps, kind: CopiedKind, document: CopiedDocument): Promise<Confirm> {
  if ((await deps.hot.copyDocuments(kind, [document])) === 0) {
    throw new AppError("conflict", "It was changed by somebody else at the same moment. Load it and try again.");
  }
  await deps.hot.append(kind, document.json);
  return async () => {
    try {
      await insert(deps, kind, [document]);
    } catch (error) {
      throw new AppError("clickhouse_unavailable", UNCONFIRMED, { cause: error });
    }
  };
}
