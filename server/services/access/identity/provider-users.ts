import { type AccessDeps, listUsers, type User } from "../documents";
import type { AuthDeps } from "./auth-call";
import { changeUser } from "./change-user";
import { linkOf, withoutLink } from "./password-links";
import { rowsOf, withoutRows } from "./rows";

/**
 * Set on a user whom the identity provider has refused. Password and passkeys are refused too, until the provider
 * accepts the user again, an admin sets a new password, or the account is recovered.
 */
const REFUSED = "refusedByProvider";

export const isRefused = (user: User) => user.identity?.fields[REFUSED] === true;

/** Without the flag, the user may sign in by password or passkey. */
export const setRefused = (user: User, refused: boolean): User => setFlag(user, REFUSED, refused);

/**
 * Set on a user whose password came from another person: an admin has set it, or issued the link that set it. A change
 * of the password does not clear the flag, because that person could make the change too.
 */
const PASSWORD_OF_OTHERS = "passwordOfOthers";

export const isPasswordOfOthers = (user: User) => user.identity?.fields[PASSWORD_OF_OTHERS] === true;

export const markPassword = (user: User, ofOthers: boolean): User => setFlag(user, PASSWORD_OF_OTHERS, ofOthers);

function setFlag(user: User, name: string, on: boolean): User {
  const { [name]: former, ...fields } = user.identity?.fields ?? {};
  if (!on && former === undefined) return user;
  return { ...user, identity: { rows: {}, ...user.identity, fields: on ? { ...fields, [name]: true } : fields } };
}

/**
 * For a recovery of the account: a user without an open link, without passkeys, and without the link to the provider,
 * whose refusal would end the new session.
 */
export const withoutOtherWays = (user: User): User => withoutRows(withoutLink(user), ["passkey", "account"]);

/** Whether a user can sign in. An invited user has no way yet, and the identity provider refuses some users. */
export function canSignIn(user: User): boolean {
  const ways = rowsOf(user, "account").length + rowsOf(user, "passkey").length;
  return !user.disabled && !isRefused(user) && ways > 0;
}

/**
 * Clears the refusal of a user whom the provider accepted, and sets the role that the user's groups give. The last
 * admin stays an admin. A sign-in or another role ends an open password link, because its issuer may have fewer rights
 * than the new role.
 */
export async function acceptUser(deps: AuthDeps, user: User, role: string, { atSignIn = false } = {}) {
  const next = role !== "admin" && (await isLastAdmin(deps, user)) ? user.role : role;
  const endsLink = atSignIn && linkOf(user) !== null;
  if (user.role === next && !isRefused(user) && !endsLink) return { user, confirm: async () => {} };
  return changeUser(deps, user.id, (current) => {
    const accepted = { ...setRefused(current, false), role: next };
    return atSignIn || current.role !== next ? withoutLink(accepted) : accepted;
  });
}

async function isLastAdmin(deps: AccessDeps, user: User): Promise<boolean> {
  if (user.role !== "admin") return false;
  const users = await listUsers(deps);
  return !users.some((one) => one.id !== user.id && one.role === "admin" && canSignIn(one));
}
