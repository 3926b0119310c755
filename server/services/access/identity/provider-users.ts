import { type AccessDeps, listUsers, type User } from "../documents";
import type { AuthDeps } from "./auth-call";
import { changeUser } from "./change-user";
import { rowsOf } from "./rows";

/**
 * Set on a user whom the identity provider has refused. The password is refused too, until the provider accepts the
 * user again or an admin sets a new password.
 */
const REFUSED = "refusedByProvider";

export const isRefused = (user: User) => user.identity?.fields[REFUSED] === true;

/** Without the flag, the user may sign in by password. */
export function setRefused(user: User, refused: boolean): User {
  const { [REFUSED]: _, ...fields } = user.identity?.fields ?? {};
  if (!refused && !isRefused(user)) return user;
  return {
    ...user,
    identity: { rows: {}, ...user.identity, fields: refused ? { ...fields, [REFUSED]: true } : fields },
  };
}

/** Whether a user has a way to sign in: an invited user has none yet. */
export function canSignIn(user: User): boolean {
  const ways = rowsOf(user, "account").length + rowsOf(user, "passkey").length;
  return !user.disabled && ways > 0;
}

/**
 * Clears the refusal of a user whom the provider accepted, and sets the role that the user's groups give. The last
 * admin stays an admin.
 */
export async function acceptUser(deps: AuthDeps, user: User, role: string) {
  const next = role !== "admin" && (await isLastAdmin(deps, user)) ? user.role : role;
  if (user.role === next && !isRefused(user)) return { user, confirm: async () => {} };
  return changeUser(deps, user.id, (current) => ({ ...setRefused(current, false), role: next }));
}

async function isLastAdmin(deps: AccessDeps, user: User): Promise<boolean> {
  if (user.role !== "admin") return false;
  const users = await listUsers(deps);
  return !users.some((one) => one.id !== user.id && one.role === "admin" && canSignIn(one));
}
