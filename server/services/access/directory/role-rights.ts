import { fieldError } from "~/server/domain/errors";
import { isBuiltIn, RIGHTS_OF_ROLE, type Right } from "~/server/domain/rights";
import type { Ctx } from "~/server/services/ctx";
import { getEntry } from "../documents";

/** Returns the rights of the role that a user has. A role that does not exist gives none. */
export async function rightsOfHeldRole({ deps }: Pick<Ctx, "deps">, role: string): Promise<readonly Right[]> {
  if (isBuiltIn(role)) return RIGHTS_OF_ROLE[role];
  return (await getEntry(deps, "role", role))?.rights ?? [];
}

/** Returns the rights of a role to give to a user. Throws `validation_failed` if the role does not exist. */
export async function rightsOfRole({ deps }: Pick<Ctx, "deps">, role: string): Promise<readonly Right[]> {
  if (isBuiltIn(role)) return RIGHTS_OF_ROLE[role];
  const found = await getEntry(deps, "role", role);
  if (!found) throw fieldError("validation_failed", { field: "role", message: `${role} is not a role` });
  return found.rights;
}
