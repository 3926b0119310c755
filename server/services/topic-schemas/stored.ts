import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { type CopiedTable, requireCopy } from "~/server/services/documents/restore";

/** `id` is the topic. `schema` is the submitted JSON text, and null after a removal. Times are epoch ms. */
const SchemaDocument = z.object({
  id: z.string(),
  version: z.int(),
  deleted: z.boolean(),
  schema: z.string().nullable(),
  updatedAt: z.int(),
  updatedBy: z.string(),
});
export type SchemaDocument = z.infer<typeof SchemaDocument>;

export const TOPIC_SCHEMAS: CopiedTable = {
  kind: DOCUMENT_KIND.topicSchema,
  indexOf: (json) => {
    // No secondary key. Parsing rejects documents that this release cannot read.
    SchemaDocument.parse(JSON.parse(json));
    return null;
  },
};

export function copiedDocument(document: SchemaDocument): CopiedDocument {
  const { id, version, deleted } = document;
  return { key: id, version, deleted, index: null, json: JSON.stringify(document) };
}

/** Returns the last change of each topic's schema from ClickHouse. Throws `clickhouse_unavailable`. */
export async function schemaChanges(deps: Pick<Deps, "store">): Promise<Map<string, SchemaDocument>> {
  const rows = await deps.store.documents(DOCUMENT_KIND.topicSchema);
  return new Map(rows.flatMap(({ key, json }) => readDocument(json).map((document) => [key, document])));
}

/** Returns the schemas in Redis. Null if Redis was lost. */
export async function readSchemas(deps: Pick<Deps, "hot">): Promise<SchemaDocument[] | null> {
  const { complete, rows } = await deps.hot.copied(DOCUMENT_KIND.topicSchema);
  return complete ? [...rows.values()].flatMap(readDocument) : null;
}

/**
 * Like `readSchemas`, but restores the copy first if Redis was lost.
 * @throws AppError `clickhouse_unavailable`; `redis_unavailable`.
 */
export async function requireSchemas(deps: Pick<Deps, "hot" | "store" | "log">): Promise<SchemaDocument[]> {
  await requireCopy(deps, TOPIC_SCHEMAS);
  const stored = await readSchemas(deps);
  if (stored === null) {
    throw new AppError("redis_unavailable", "Redis lost its data while the schemas were read. Try again.");
  }
  return stored;
}

function readDocument(json: string): SchemaDocument[] {
  const parsed = SchemaDocument.safeParse(JSON.parse(json));
  return parsed.success ? [parsed.data] : [];
}
