import { fieldError } from "~/server/domain/errors";
import type { Scope } from "~/server/domain/scope";
import type { Ctx } from "~/server/services/ctx";
import { getEntry, listEntries, listKeys } from "../documents";
import type { DirectoryEntry, SaveNamespaceInput } from "../inputs";
import { requireRight } from "../require-right";
import { deleteEntry, saveEntry } from "./entries";
import type { Namespace } from "./schemas";

export interface NamespaceView {
  name: string;
  description: string;
  topicPrefixes: string[];
  updatedAt: string;
  updatedBy: string;
}

function viewOf({ id, description, topicPrefixes, updatedAt, updatedBy }: Namespace): NamespaceView {
  return { name: id, description, topicPrefixes, updatedAt: new Date(updatedAt).toISOString(), updatedBy };
}

/** Returns the namespaces, oldest first. */
export async function listNamespaces({ ctx }: { ctx: Ctx }): Promise<{ items: NamespaceView[] }> {
  requireRight(ctx, ["users:edit", "keys:edit"]);
  return { items: (await listEntries(ctx.deps, "namespace")).map(viewOf) };
}

/** Creates or changes a namespace. The scopes that name it change within a second. Throws what `saveEntry` throws. */
export async function saveNamespace(call: { ctx: Ctx; input: SaveNamespaceInput }): Promise<NamespaceView> {
  requireRight(call.ctx, "users:edit");
  const { name, isNew, ...content } = call.input;
  return viewOf(await saveEntry({ ctx: call.ctx, kind: "namespace", name, isNew, content }));
}

/** Deletes a namespace. Throws `not_found`, and `conflict` if a role or an API key names the namespace. */
export async function deleteNamespace({ ctx, input }: { ctx: Ctx; input: DirectoryEntry }): Promise<DirectoryEntry> {
  requireRight(ctx, "users:edit");
  const { deps } = ctx;
  const names = ({ scope }: { scope: Scope | null }) => scope?.namespaces.includes(input.name);
  return deleteEntry({
    ...{ ctx, kind: "namespace", name: input.name },
    async usersOf() {
      const [roles, keys] = await Promise.all([listEntries(deps, "role"), listKeys(deps)]);
      return [
        ...roles.filter(names).map(({ id }) => `the role ${id}`),
        ...keys.filter(names).map(({ name }) => `the API key ${name}`),
      ];
    },
  });
}

/** Throws `validation_failed` for a scope with a namespace that does not exist. */
export async function requireNamespaces(ctx: Ctx, scope: Scope | null): Promise<void> {
  for (const [index, name] of (scope?.namespaces ?? []).entries()) {
    if (await getEntry(ctx.deps, "namespace", name)) continue;
    const field = `scope.namespaces[${index}]`;
    throw fieldError("validation_failed", { field, message: `${name} is not a namespace` });
  }
}
