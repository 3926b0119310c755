import { v7 } from "uuid";
import { AppError } from "~/server/domain/errors";
import { MAX_VIEWS, viewQuery } from "~/server/domain/saved-view";
import type { SavedView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { requireNoScope } from "~/server/services/scope";
import type { DeleteViewInput, SaveViewInput } from "./inputs";
import { viewOf } from "./list";
import { isShared, ownedBy, readViews, SHARED, storeView } from "./stored";

/**
 * Saves a view of a list. Replaces the view with the same name.
 * @throws AppError `forbidden` for a shared view without the right `schedules:edit`, or with a scope;
 * `validation_failed` if the caller has 100 views already; `clickhouse_unavailable`.
 */
export async function saveView(call: { ctx: Ctx; input: SaveViewInput }): Promise<SavedView> {
  const { ctx, input } = call;
  const { deps } = ctx;
  const { id: ownerId, email, name: ownerName } = requireRight(ctx, input.shared ? "schedules:edit" : "schedules:read");
  if (input.shared) requireNoScope(ctx);
  const [own, shared] = await Promise.all([readViews(deps, ownedBy(ownerId)), readViews(deps, SHARED)]);
  const scope = input.shared ? shared : own;
  const former = scope.find(({ list, name, deleted }) => !deleted && list === input.list && name === input.name);
  const isCounted = (view: { deleted: boolean; ownerId: string }) => !view.deleted && view.ownerId === ownerId;
  if (former === undefined && [...own, ...shared].filter(isCounted).length >= MAX_VIEWS) {
    throw new AppError("validation_failed", `You have ${MAX_VIEWS} saved views, which is the limit. Delete one first.`);
  }
  const now = deps.clock.now();
  const next = {
    id: former?.id ?? `${input.shared ? SHARED : ownedBy(ownerId)}${v7()}`,
    version: Math.max(now, (former?.version ?? 0) + 1),
    deleted: false,
    list: input.list,
    name: input.name,
    query: viewQuery(input.query),
    ownerId,
    updatedBy: email ?? ownerName,
    updatedAt: now,
  };
  await storeView(deps, next);
  if (input.shared) {
    await writeAudit(ctx, {
      ...{ action: "saved_view.save", target: next.id, targetName: next.name },
      before: former === undefined ? null : { query: former.query },
      after: { list: next.list, query: next.query },
    });
  }
  return viewOf(next);
}

/**
 * Deletes a view of the caller, or a shared view.
 * @throws AppError `forbidden` for a shared view without the right `schedules:edit`, or with a scope; `not_found`, also
 * for another user's private view; `clickhouse_unavailable`.
 */
export async function deleteView(call: { ctx: Ctx; input: DeleteViewInput }): Promise<void> {
  const { ctx, input } = call;
  const shared = isShared({ id: input.viewId });
  const { id: ownerId, email, name } = requireRight(ctx, shared ? "schedules:edit" : "schedules:read");
  if (shared) requireNoScope(ctx);
  const views = await readViews(ctx.deps, shared ? SHARED : ownedBy(ownerId));
  const former = views.find(({ id, deleted }) => !deleted && id === input.viewId);
  if (former === undefined) throw new AppError("not_found", "There is no such saved view.");
  const now = ctx.deps.clock.now();
  const version = Math.max(now, former.version + 1);
  await storeView(ctx.deps, { ...former, version, deleted: true, updatedBy: email ?? name, updatedAt: now });
  if (shared) {
    await writeAudit(ctx, {
      ...{ action: "saved_view.delete", target: former.id, targetName: former.name },
      before: { list: former.list, query: former.query },
    });
  }
}
