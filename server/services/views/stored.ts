import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { LISTS } from "~/server/domain/saved-view";
import type { Deps } from "~/server/services/ctx";
import { confirmed } from "~/server/services/documents/confirmed";

/** `id` is the row's key. Times are epoch ms. */
const ViewDocument = z.object({
  id: z.string(),
  version: z.int(),
  deleted: z.boolean(),
  list: z.enum(LISTS),
  name: z.string(),
  query: z.string(),
  /** The id of the user or API key that saved the view last. */
  ownerId: z.string(),
  updatedBy: z.string(),
  updatedAt: z.int(),
});
export type ViewDocument = z.infer<typeof ViewDocument>;

/** The prefix of a view's key shows who can see the view, so that a read returns only visible views. */
export const SHARED = "shared:";
export const ownedBy = (userId: string) => `user:${userId}:`;

export const isShared = ({ id }: Pick<ViewDocument, "id">) => id.startsWith(SHARED);

/** Returns the views whose keys have the prefix, including deleted views. Throws `clickhouse_unavailable`. */
export async function readViews(deps: Pick<Deps, "store">, keyPrefix: string): Promise<ViewDocument[]> {
  const rows = await deps.store.documents(DOCUMENT_KIND.savedView, keyPrefix);
  return rows.flatMap(({ json }) => {
    const parsed = ViewDocument.safeParse(JSON.parse(json));
    return parsed.success ? [parsed.data] : [];
  });
}

/**
 * Stores a view and waits for ClickHouse. Redis has no copy, because firing does not need views. Throws
 * `clickhouse_unavailable`.
 */
export async function storeView(deps: Pick<Deps, "store">, document: ViewDocument): Promise<void> {
  const { id: key, version, deleted } = document;
  const rows = [{ key, version, deleted, json: JSON.stringify(document) }];
  try {
    await confirmed(deps.store.insertDocuments({ token: `${key}:${version}`, kind: DOCUMENT_KIND.savedView, rows }));
  } catch (error) {
    const message = "The history store (ClickHouse) did not confirm the change of the view. Reload, and try again.";
    throw new AppError("clickhouse_unavailable", message, { cause: error });
  }
}
