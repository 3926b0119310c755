import { AppError } from "~/server/domain/errors";
import type { CopiedDocument, CopiedKind } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { confirmed } from "./confirmed";

type StoreDeps = Pick<Deps, "hot" | "store" | "log">;

const UNCONFIRMED =
  "The change is in force, but the history store (ClickHouse) did not confirm it: if Redis is lost before ClickHouse is back, the change is lost.";

const insert = ({ store }: StoreDeps, kind: CopiedKind, documents: readonly CopiedDocument[]) => {
  const token = documents.map(({ key, version }) => `${key}:${version}`).join(",");
  const rows = documents.map(({ key, json, version, deleted }) => ({ key, json, version, deleted }));
  return confirmed(store.insertDocuments({ token, kind, rows }));
};

/**
 * Stores documents in ClickHouse, then in Redis. If ClickHouse does not confirm the insert, stores each `undo`, the
 * former state of the document under a newer version.
 * @throws AppError `clickhouse_unavailable`: the change is not in force.
 */
export async function storeDocuments(
  deps: StoreDeps,
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
      "The history store (ClickHouse) did not confirm the change, so nothing was saved. Try again.",
      { cause: error },
    );
  }
  await deps.hot.copyDocuments(
    kind,
    changes.map(({ document }) => document),
  );
}

/**
 * Waits until ClickHouse has a change that is in force. Throws `clickhouse_unavailable` if ClickHouse does not confirm
 * the change. A loss of Redis would then undo the change.
 */
export type Confirm = () => Promise<void>;

/**
 * Applies a document in Redis at once and appends it to the outbox, because disabling an account must not wait for
 * ClickHouse. Call the returned function last, to wait for ClickHouse.
 * @throws AppError `conflict` if somebody else changed the document at the same time.
 */
export async function applyDocument(deps: StoreDeps, kind: CopiedKind, document: CopiedDocument): Promise<Confirm> {
  if ((await deps.hot.copyDocuments(kind, [document])) === 0) {
    throw new AppError("conflict", "Somebody else made a change at the same time. Reload and try again.");
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
