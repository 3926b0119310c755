import type { Role } from "~/server/domain/rights";
import { type AccessDeps, listUsers, type User } from "../documents";
import type { AuthDeps } from "./auth-call";
import { changeUser } from "./change-user";

/** Set on a user whom the identity provider has refused: the password is refused too, until a new sign-in by it. */
const REFUSED = "refusedByProvider";

export const isRefused = (user: User) => user.identity?.fields[REFUSED] === true;

/** Changes the mark. Without it, the user may use the password again. */
export function withRefusal(user: User, refused: boolean): User {
  const { [REFUSED]: _, ...fields } = user.identity?.fields ?? {};
  if (!refused && !isRefused(user)) return user;
  return {
    ...user,
    identity: { rows: {}, ...user.identity, fields: refused ? { ...fields, [REFUSED]: true } : fields },
  };
}

/** Stores that the provider knows a user, with the role of its groups. The last admin stays one. */
export async function acceptUser(deps: AuthDeps, user: User, role: Role) {
  const next = role !== "admin" && (await isLastAdmin(deps, user)) ? user.role : role;
  if (user.role === next && !isRefused(user)) return { user, confirm: async () => {} };
  return changeUser(deps, user.id, (current) => ({ ...withRefusal(current, false), role: next }));
}

async function isLastAdmin(deps: AccessDeps, user: User): Promise<boolean> {
  if (user.role !== "admin") return false;
  const users = await listUsers(deps);
  return !users.some((one) => one.id !== user.id && one.role === "admin" && !one.disabled);
}
