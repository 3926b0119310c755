import { z } from "zod";
import { getUser, type User } from "../documents";
import { sameSecret, sha256 } from "../secrets";
import type { AuthDeps } from "./auth-call";
import { rowsOf, withoutRow, withRow } from "./rows";

/*
 * A link with which a user sets a password: an invitation or a reset. It is a row in the user's document, with the hash
 * of its secret.
 */

const MODEL = "passwordLink";
/** A user has at most one link, so that a new one replaces the former. */
const ID = "link";

const PasswordLink = z.looseObject({
  id: z.string(),
  kind: z.enum(["invitation", "reset"]),
  hash: z.string(),
  /** Epoch ms. */
  expiresAt: z.int(),
  createdAt: z.int(),
  /** The name of the caller who issued the link, or `RECOVER_ADMIN`. */
  createdBy: z.string(),
});
export type PasswordLink = z.infer<typeof PasswordLink>;

/** The link of a user, expired or not; null without one. */
export function linkOf(user: User): PasswordLink | null {
  const [row] = rowsOf(user, MODEL);
  return row ? PasswordLink.parse(row) : null;
}

/** A user with a new link. */
export function withLink(
  user: User,
  input: { kind: PasswordLink["kind"]; secret: string; nowMs: number; validMs: number; createdBy: string },
): User {
  const { kind, secret, nowMs, validMs, createdBy } = input;
  const times = { createdAt: nowMs, expiresAt: nowMs + validMs };
  const row: PasswordLink = { id: ID, kind, hash: sha256(secret), ...times, createdBy };
  return withRow(user, MODEL, row);
}

export const withoutLink = (user: User): User => (linkOf(user) ? withoutRow(user, MODEL, ID) : user);

/** Whether a token opens the link of a user at this time. */
export function opensLink(user: User, input: { token: string; nowMs: number }): boolean {
  const link = linkOf(user);
  const { secret } = partsOf(input.token);
  return link !== null && !user.disabled && input.nowMs < link.expiresAt && sameSecret(sha256(secret), link.hash);
}

/** The user whose link a token opens; null if the link is unknown, used or expired, or the user is disabled. */
export async function userOfLink(deps: AuthDeps, token: string): Promise<User | null> {
  const user = await getUser(deps, partsOf(token).userId);
  return user && opensLink(user, { token, nowMs: deps.clock.now() }) ? user : null;
}

/** The token at the end of a link's address. */
export const linkTokenOf = ({ userId, secret }: { userId: string; secret: string }) => `${userId}.${secret}`;

function partsOf(token: string): { userId: string; secret: string } {
  const [userId = "", secret = ""] = token.split(".");
  return { userId, secret };
}
