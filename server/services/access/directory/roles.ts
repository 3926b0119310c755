import type { Right } from "~/server/domain/rights";
import type { Ctx } from "~/server/services/ctx";
import { listEntries, listUsers } from "../documents";
import type { DirectoryEntry, SaveRoleInput } from "../inputs";
import { requireHeldRights, requireRight } from "../require-right";
import { deleteEntry, saveEntry } from "./entries";
import { requireNamespaces } from "./namespaces";
import type { OwnRole } from "./schemas";

export interface RoleView {
  name: string;
  description: string;
  rights: Right[];
  /** Null for all topics. */
  scope: OwnRole["scope"];
  updatedAt: string;
  updatedBy: string;
}

function viewOf({ id, description, rights, scope, updatedAt, updatedBy }: OwnRole): RoleView {
  return { name: id, description, rights, scope, updatedAt: new Date(updatedAt).toISOString(), updatedBy };
}

/** Returns the custom roles, oldest first. */
export async function listRoles({ ctx }: { ctx: Ctx }): Promise<{ items: RoleView[] }> {
  requireRight(ctx, "users:edit");
  return { items: (await listEntries(ctx.deps, "role")).map(viewOf) };
}

/**
 * Creates or changes a custom role. Its users have the new rights within a second.
 * @throws AppError `forbidden` for a former or new right that the caller lacks; `validation_failed` for a namespace
 * that does not exist; the errors of `saveEntry`
 */
export async function saveRole({ ctx, input }: { ctx: Ctx; input: SaveRoleInput }): Promise<RoleView> {
  const principal = requireRight(ctx, "users:edit");
  const { name, isNew, description, rights, scope = null } = input;
  requireHeldRights(principal, rights);
  const content = { description, rights, scope };
  return viewOf(
    await saveEntry({
      ...{ ctx, kind: "role", name, isNew, content },
      async check(current) {
        requireHeldRights(principal, current?.rights ?? []);
        await requireNamespaces(ctx, scope);
      },
    }),
  );
}

/**
 * Deletes a custom role.
 * @throws AppError `conflict` if a user has the role, or `OIDC_ROLE_MAP` or `OIDC_DEFAULT_ROLE` contains it;
 * `forbidden` for a role with rights that the caller lacks; the other errors of `deleteEntry`
 */
export async function deleteRole({ ctx, input }: { ctx: Ctx; input: DirectoryEntry }): Promise<DirectoryEntry> {
  const principal = requireRight(ctx, "users:edit");
  const { oidc } = ctx.deps.env;
  return deleteEntry({
    ...{ ctx, kind: "role", name: input.name },
    async usersOf({ rights }) {
      requireHeldRights(principal, rights);
      const users = (await listUsers(ctx.deps)).filter(({ role }) => role === input.name).map(({ email }) => email);
      const isMapped = oidc && [...oidc.roleOfGroup.values(), oidc.defaultRole].includes(input.name);
      return isMapped ? ["the identity provider's groups (OIDC_ROLE_MAP, OIDC_DEFAULT_ROLE)", ...users] : users;
    },
  });
}
