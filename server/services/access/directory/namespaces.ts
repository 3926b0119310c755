import { fieldError } from "~/server/domain/errors";
import { type Right, singleRights } from "~/server/domain/rights";
import type { Scope } from "~/server/domain/scope";
import type { Ctx } from "~/server/services/ctx";
import { getEntry, listEntries, listKeys } from "../documents";
import { isExpired } from "../find-key";
import type { DirectoryEntry, SaveNamespaceInput } from "../inputs";
import { requireHeldRights, requireRight } from "../require-right";
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

/**
 * Creates or changes a namespace. The scopes that refer to it change within a second.
 * @throws AppError `forbidden` if a role or a valid API key with such a scope has a right that the caller lacks; the
 * errors of `saveEntry`
 */
export async function saveNamespace(call: { ctx: Ctx; input: SaveNamespaceInput }): Promise<NamespaceView> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "users:edit");
  const { name, isNew, ...content } = input;
  return viewOf(
    await saveEntry({
      ...{ ctx, kind: "namespace", name, isNew, content },
      check: async () => requireHeldRights(principal, await rightsWithin(ctx, name)),
    }),
  );
}

const refersTo = (namespace: string) => (one: { scope: Scope | null }) => one.scope?.namespaces.includes(namespace);

/** The rights of the roles and valid API keys whose scope refers to the namespace, whether it exists or not. */
async function rightsWithin({ deps }: Ctx, namespace: string): Promise<Right[]> {
  const [roles, keys] = await Promise.all([listEntries(deps, "role"), listKeys(deps)]);
  const now = deps.clock.now();
  const holders = [...roles, ...keys.filter((key) => !isExpired(key, now))].filter(refersTo(namespace));
  return singleRights(holders.flatMap(({ rights }) => rights));
}

/** Deletes a namespace that no scope of a role or an API key refers to. Throws the errors of `deleteEntry`. */
export async function deleteNamespace({ ctx, input }: { ctx: Ctx; input: DirectoryEntry }): Promise<DirectoryEntry> {
  requireRight(ctx, "users:edit");
  const { deps } = ctx;
  const isUser = refersTo(input.name);
  return deleteEntry({
    ...{ ctx, kind: "namespace", name: input.name },
    async usersOf() {
      const [roles, keys] = await Promise.all([listEntries(deps, "role"), listKeys(deps)]);
      return [
        ...roles.filter(isUser).map(({ id }) => `the role ${id}`),
        ...keys.filter(isUser).map(({ name }) => `the API key ${name}`),
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
