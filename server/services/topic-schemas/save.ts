import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { MAX_TOPIC_SCHEMAS } from "~/server/domain/topic-schema";
import type { TopicSchemaView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { storeDocuments } from "~/server/services/documents/store-documents";
import { compileSchema } from "./compile";
import type { SaveTopicSchemaInput, TopicInput } from "./inputs";
import { findTopicSchema } from "./read";
import { copiedDocument, requireSchemas, type SchemaDocument, schemaChanges } from "./stored";

/**
 * Sets the schema of the payloads of a topic. Every process applies the schema within seconds. Existing schedules are
 * checked when their payload or topic changes. A topic with masked values also requires `payloads:read`.
 * @throws AppError `validation_failed` for a schema that does not compile, or above 100 schemas;
 * `conflict` while another change is saved; `clickhouse_unavailable` if nothing was saved; `redis_unavailable`.
 */
export async function saveTopicSchema(call: { ctx: Ctx; input: SaveTopicSchemaInput }): Promise<TopicSchemaView> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  // The faults that a schema finds may tell something about masked values.
  if (ctx.deps.protection.of(input.topic) !== null) requireRight(ctx, "payloads:read");
  compileSchema(input.schema);
  await change(ctx, input.topic, input.schema);
  return findTopicSchema(ctx, input.topic);
}

/**
 * Removes the schema of a topic. Throws `not_found`, `conflict` while another change is saved, `redis_unavailable`, and
 * `clickhouse_unavailable` if nothing was removed.
 */
export async function deleteTopicSchema(call: { ctx: Ctx; input: TopicInput }): Promise<void> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  await findTopicSchema(ctx, input.topic);
  await change(ctx, input.topic, null);
}

async function change(ctx: Ctx, topic: string, schema: string | null): Promise<void> {
  const { deps } = ctx;
  const before = await withDocumentLock(deps, DOCUMENT_KIND.topicSchema, async () => {
    const stored = await requireSchemas(deps);
    const current = stored.find(({ id }) => id === topic)?.schema ?? null;
    if (current === schema) return current;
    if (current === null && stored.length >= MAX_TOPIC_SCHEMAS) {
      throw new AppError("validation_failed", `There are ${MAX_TOPIC_SCHEMAS} payload schemas, which is the limit.`);
    }
    const now = deps.clock.now();
    const updatedBy = ctx.principal?.email ?? ctx.principal?.name ?? "system";
    const none: SchemaDocument = { id: topic, version: 0, deleted: true, schema: null, updatedAt: now, updatedBy };
    const last = (await schemaChanges(deps)).get(topic) ?? none;
    const version = Math.max(now, last.version + 1);
    const next: SchemaDocument = { id: topic, version, deleted: schema === null, schema, updatedAt: now, updatedBy };
    await storeDocuments(deps, DOCUMENT_KIND.topicSchema, [
      { document: copiedDocument(next), undo: copiedDocument({ ...last, version: version + 1 }) },
    ]);
    return current;
  });
  if (before === schema) return;
  await deps.topicSchemas.refresh();
  await deps.settingsChannel.announce([`schema of ${topic}`]);
  await writeAudit(ctx, {
    action: schema === null ? "topic_schema.delete" : "topic_schema.save",
    target: topic,
    before: { schema: before },
    after: { schema },
  });
}
