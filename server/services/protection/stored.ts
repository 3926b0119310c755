import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { ProtectionRule } from "~/server/domain/protection/rule";
import type { CopiedDocument } from "~/server/ports/hot/copies";
import type { Deps } from "~/server/services/ctx";
import { type CopiedTable, requireCopy } from "~/server/services/documents/restore";

/** `id` is the topic. `rule` is null after a removal. Times are epoch ms. */
const RuleDocument = z.object({
  id: z.string(),
  version: z.int(),
  deleted: z.boolean(),
  rule: ProtectionRule.strip().nullable(),
  updatedAt: z.int(),
  updatedBy: z.string(),
});
export type RuleDocument = z.infer<typeof RuleDocument>;

export const PROTECTION_RULES: CopiedTable = {
  kind: DOCUMENT_KIND.protectionRule,
  // Unreadable rules are copied too, so that `readRules` throws instead of leaving a rule out.
  indexOf: () => null,
};

export function copiedDocument(document: RuleDocument): CopiedDocument {
  const { id, version, deleted } = document;
  return { key: id, version, deleted, index: null, json: JSON.stringify(document) };
}

/** Returns the last change of a topic's rule from ClickHouse. Throws `clickhouse_unavailable`. */
export async function lastChange(deps: Pick<Deps, "store">, topic: string): Promise<RuleDocument | null> {
  const rows = await deps.store.documents(DOCUMENT_KIND.protectionRule, topic);
  const row = rows.find(({ key }) => key === topic);
  return row === undefined ? null : RuleDocument.parse(JSON.parse(row.json));
}

/**
 * Returns the rules in Redis. Null if Redis was lost. Throws for a rule that this release cannot read, because its
 * values must not be shown.
 */
export async function readRules(deps: Pick<Deps, "hot">): Promise<RuleDocument[] | null> {
  const { complete, rows } = await deps.hot.copied(DOCUMENT_KIND.protectionRule);
  return complete ? [...rows.values()].map((json) => RuleDocument.parse(JSON.parse(json))) : null;
}

/**
 * Like `readRules`, but restores the copy first if Redis was lost.
 * @throws AppError `clickhouse_unavailable`; `redis_unavailable` if Redis is lost meanwhile.
 */
export async function requireRules(deps: Pick<Deps, "hot" | "store" | "log">): Promise<RuleDocument[]> {
  await requireCopy(deps, PROTECTION_RULES);
  const stored = await readRules(deps);
  if (stored !== null) return stored;
  throw new AppError("redis_unavailable", "Redis lost its data while the protection rules were read. Try again.");
}
