import { AppError } from "~/server/domain/errors";
import type { RuleTopic } from "~/server/domain/protection/rule";
import type { ProtectionView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import type { Ctx } from "~/server/services/ctx";
import { type RuleDocument, requireRules } from "./stored";

/** Returns the rules, sorted by topic. */
export async function listProtection({ ctx }: { ctx: Ctx }): Promise<{ items: ProtectionView[] }> {
  requireRight(ctx, "schedules:read");
  const items = (await requireRules(ctx.deps)).flatMap(viewOf);
  return { items: items.sort((a, b) => (a.topic < b.topic ? -1 : 1)) };
}

/** For a caller whose right was checked. Throws `not_found`. */
export async function findProtection({ deps }: Ctx, topic: string): Promise<ProtectionView> {
  const found = (await requireRules(deps)).flatMap(viewOf).find((rule) => rule.topic === topic);
  if (!found) throw new AppError("not_found", `There is no protection rule for the topic "${topic}".`);
  return found;
}

/** Returns the rule whose `topic` is exactly this text, such as `cards.*`. Throws `not_found`. */
export async function getProtection({ ctx, input }: { ctx: Ctx; input: RuleTopic }): Promise<ProtectionView> {
  requireRight(ctx, "schedules:read");
  return findProtection(ctx, input.topic);
}

function viewOf({ rule, version, updatedAt, updatedBy }: RuleDocument): ProtectionView[] {
  return rule === null ? [] : [{ ...rule, version, updatedAt: new Date(updatedAt).toISOString(), updatedBy }];
}
