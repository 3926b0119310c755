import type { SavedView } from "~/server/domain/views";
import { requireRight } from "~/server/services/access/require-right";
import type { Ctx } from "~/server/services/ctx";
import type { ListViewsInput } from "./inputs";
import { isShared, ownedBy, readViews, SHARED, type ViewDocument } from "./stored";

/** Returns the caller's views of a list and, for a caller without a scope, the shared views, sorted by name. */
export async function listViews(call: { ctx: Ctx; input: ListViewsInput }): Promise<{ items: SavedView[] }> {
  const { deps } = call.ctx;
  const { id } = requireRight(call.ctx, "schedules:read");
  // A shared view may name topics and schedules that the caller may not see.
  const shared = deps.scope === undefined ? readViews(deps, SHARED) : [];
  const found = await Promise.all([readViews(deps, ownedBy(id)), shared]);
  const views = found.flat().filter(({ list, deleted }) => !deleted && list === call.input.list);
  return { items: views.map(viewOf).sort((a, b) => a.name.localeCompare(b.name, "en")) };
}

export function viewOf(document: ViewDocument): SavedView {
  const { id, list, name, query, updatedBy, updatedAt } = document;
  const shared = isShared(document);
  return { viewId: id, list, name, query, shared, updatedBy, updatedAt: new Date(updatedAt).toISOString() };
}
