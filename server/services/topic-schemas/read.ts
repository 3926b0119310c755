import { AppError } from "~/server/domain/errors";
import type { TopicSchemaView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import type { Ctx } from "~/server/services/ctx";
import type { TopicInput } from "./inputs";
import { requireSchemas, type SchemaDocument } from "./stored";

/** Returns the schemas, sorted by topic. */
export async function listTopicSchemas({ ctx }: { ctx: Ctx }): Promise<{ items: TopicSchemaView[] }> {
  requireRight(ctx, "schedules:read");
  const items = (await requireSchemas(ctx.deps)).flatMap(viewOf);
  return { items: items.sort((a, b) => (a.topic < b.topic ? -1 : 1)) };
}

/** For a caller whose right was checked. Throws `not_found`. */
export async function findTopicSchema({ deps }: Ctx, topic: string): Promise<TopicSchemaView> {
  const found = (await requireSchemas(deps)).flatMap(viewOf).find((schema) => schema.topic === topic);
  if (!found) throw new AppError("not_found", `The topic "${topic}" has no payload schema.`);
  return found;
}

/** Throws `not_found`. */
export async function getTopicSchema({ ctx, input }: { ctx: Ctx; input: TopicInput }): Promise<TopicSchemaView> {
  requireRight(ctx, "schedules:read");
  return findTopicSchema(ctx, input.topic);
}

function viewOf({ id, schema, version, updatedAt, updatedBy }: SchemaDocument): TopicSchemaView[] {
  if (schema === null) return [];
  return [{ topic: id, schema, version, updatedAt: new Date(updatedAt).toISOString(), updatedBy }];
}
