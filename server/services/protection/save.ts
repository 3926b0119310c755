import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError, fieldError } from "~/server/domain/errors";
import { compileRule } from "~/server/domain/protection/compile";
import { MAX_RULES, type ProtectionRule } from "~/server/domain/protection/rule";
import type { ProtectionView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { storeDocuments } from "~/server/services/documents/store-documents";
import type { ProtectionTopicInput, SaveProtectionInput } from "./inputs";
import { findProtection } from "./read";
import { copiedDocument, lastChange, type RuleDocument, requireRules } from "./stored";

/**
 * Sets the protection rule of a topic, or of all topics that begin with a text (`cards.*`). Every process applies the
 * rule within seconds, also to stored payloads. A change of an existing rule also requires `payloads:read`, because it
 * may show values.
 * @throws AppError `validation_failed` for a path or pattern that does not compile, an empty rule, encryption without a
 * key, or above 100 rules; `forbidden`; `conflict` while another change is saved; `redis_unavailable`;
 * `clickhouse_unavailable` if nothing was saved.
 */
export async function saveProtection(call: { ctx: Ctx; input: SaveProtectionInput }): Promise<ProtectionView> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  if (input.encrypt && ctx.deps.env.payloadKeys.length === 0) {
    throw fieldError("validation_failed", {
      field: "encrypt",
      message: "needs a key, and PAYLOAD_ENCRYPTION_KEYS is not set",
      expected: "false, or the variable on all processes",
    });
  }
  if (input.paths.length + input.patterns.length === 0 && !input.encrypt) {
    throw fieldError("validation_failed", {
      field: "paths",
      message: "is empty",
      expected: "a path, a pattern, or encrypt",
    });
  }
  compileRule(input);
  await change(ctx, input.topic, input);
  return findProtection(ctx, input.topic);
}

/**
 * Removes the rule of a topic, which also requires `payloads:read`. Throws `not_found`, `forbidden`, `conflict` while
 * another change is saved, `redis_unavailable`, and `clickhouse_unavailable` if nothing was removed.
 */
export async function deleteProtection(call: { ctx: Ctx; input: ProtectionTopicInput }): Promise<void> {
  const { ctx, input } = call;
  requireRight(ctx, "settings:edit");
  await findProtection(ctx, input.topic);
  await change(ctx, input.topic, null);
}

async function change(ctx: Ctx, topic: string, rule: ProtectionRule | null): Promise<void> {
  const { deps } = ctx;
  const before = await withDocumentLock(deps, DOCUMENT_KIND.protectionRule, async () => {
    const stored = await requireRules(deps);
    const current = stored.find(({ id }) => id === topic)?.rule ?? null;
    if (isSame(current, rule)) return current;
    if (current !== null) requireRight(ctx, "payloads:read");
    if (current === null && stored.length >= MAX_RULES) {
      throw new AppError("validation_failed", `There are ${MAX_RULES} protection rules, which is the limit.`);
    }
    const now = deps.clock.now();
    const updatedBy = ctx.principal?.email ?? ctx.principal?.name ?? "system";
    const none: RuleDocument = { id: topic, version: 0, deleted: true, rule: null, updatedAt: now, updatedBy };
    const last = (await lastChange(deps, topic)) ?? none;
    const version = Math.max(now, last.version + 1);
    const next: RuleDocument = { id: topic, version, deleted: rule === null, rule, updatedAt: now, updatedBy };
    await storeDocuments(deps, DOCUMENT_KIND.protectionRule, [
      { document: copiedDocument(next), undo: copiedDocument({ ...last, version: version + 1 }) },
    ]);
    return current;
  });
  if (isSame(before, rule)) return;
  await deps.protection.refresh();
  await deps.settingsChannel.announce([`protection of ${topic}`]);
  await writeAudit(ctx, {
    action: rule === null ? "topic_protection.delete" : "topic_protection.save",
    target: topic,
    before: fieldsOf(before),
    after: fieldsOf(rule),
  });
}

function fieldsOf(rule: ProtectionRule | null): Record<string, unknown> {
  return rule === null ? {} : { paths: rule.paths, patterns: rule.patterns, encrypt: rule.encrypt };
}

const isSame = (a: ProtectionRule | null, b: ProtectionRule | null) =>
  JSON.stringify(fieldsOf(a)) === JSON.stringify(fieldsOf(b)) && (a === null) === (b === null);
