import { v7 } from "uuid";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { keyedRequest, once } from "~/server/services/idempotency";
import { rightsOfRole } from "./directory/role-rights";
import { getUser, insertUser, storedNothing, type User } from "./documents";
import { changeUser } from "./identity/change-user";
import { signInByPassword } from "./identity/identities";
import {
  linkOf,
  linkTokenOf,
  opensLink,
  type PasswordLink,
  userOfLink,
  withLink,
  withoutLink,
} from "./identity/password-links";
import { isRefused, markPassword, withoutOtherWays } from "./identity/provider-users";
import type { InviteUserInput, IssueLinkInput, LinkToken, UseLinkInput, UserId } from "./inputs";
import { changeManagedUser } from "./managed-user";
import { hashPassword } from "./password";
import { requireHeldRights, requireOther, requireRight } from "./require-right";
import { derivedSecret, newSecret } from "./secrets";
import { endSessions } from "./sessions";
import { type Browser, type NeedsSecondFactor, type SignedIn, signedIn } from "./sign-in";
import { requireStrongPassword } from "./strong-password";

export const HOUR_MS = 3_600_000;
/** How long a reset link is valid. */
export const RESET_HOURS = 1;

/** A new link. The page `/password-link#<token>` sets the password. */
export interface NewLink {
  userId: string;
  kind: PasswordLink["kind"];
  token: string;
  expiresAt: string;
}

export interface LinkView {
  kind: PasswordLink["kind"];
  email: string;
  name: string;
  expiresAt: string;
}

/**
 * Creates an account without a password, and a link with which its user sets one. A repeat with the same idempotency
 * key returns the same link. Right: `users:edit`.
 * @throws AppError `conflict` if the e-mail address has an account; `forbidden` for a role with rights that the caller
 * lacks; `validation_failed` for an unknown role; `clickhouse_unavailable` if nothing was stored; the codes of an
 * idempotency key that was reused or is in progress
 */
export async function inviteUser({ ctx, input }: { ctx: Ctx; input: InviteUserInput }): Promise<NewLink> {
  const principal = requireRight(ctx, "users:edit");
  requireHeldRights(principal, await rightsOfRole(ctx, input.role));
  const { idempotencyKey: key, ...request } = input;
  const random = newSecret();
  // `once` stores the answer and returns it to repeats, so the answer must not contain the secret.
  const secretOf = (userId: string) => (key === undefined ? random : derivedSecret(key, `invitation ${userId}`));
  const keyed = keyedRequest({ ctx, call: "user.invite", key, request });
  const { token, ...invited } = await once({ ctx, keyed, didNothing: storedNothing }, async (seed) => {
    const userId = seed ?? v7();
    // An earlier request with the same key may have stored the account and died.
    const known = seed === null ? null : await getUser(ctx.deps, userId);
    const user = known ?? (await newInvitedUser(ctx, { ...request, userId, secret: secretOf(userId) }));
    const { email, name, role, validHours } = request;
    const target = { target: `user:${userId}`, targetName: email };
    await writeAudit(ctx, { action: "user.invite", ...target, after: { email, name, role, validHours } });
    return newLink(user, "");
  });
  return { ...invited, token: linkTokenOf({ userId: invited.userId, secret: secretOf(invited.userId) }) };
}

async function newInvitedUser(
  ctx: Ctx,
  input: Omit<InviteUserInput, "idempotencyKey"> & { userId: string; secret: string },
): Promise<User> {
  const { userId, email, name, role, validHours, secret } = input;
  const now = ctx.deps.clock.now();
  const empty: User = {
    ...{ id: userId, version: 1, createdAt: now, updatedAt: now },
    ...{ email, name, role, passwordHash: "", disabled: false },
  };
  const createdBy = ctx.principal?.name ?? "";
  const user = withLink(empty, { kind: "invitation", secret, nowMs: now, validMs: validHours * HOUR_MS, createdBy });
  await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, () => insertUser(ctx.deps, user));
  return user;
}

/**
 * Issues a new link for a user: an invitation if the user's current link is an invitation and no password was set,
 * otherwise a reset that is valid for an hour. The former link stops working. Right: `users:edit`.
 * @throws AppError `not_found`; `conflict` for a disabled user, for a user whom the identity provider has refused, or
 * for the caller; `forbidden` for a user with rights that the caller lacks
 */
export async function issueLink({ ctx, input }: { ctx: Ctx; input: IssueLinkInput }): Promise<NewLink> {
  const principal = requireRight(ctx, "users:edit");
  requireOther(principal, input.userId);
  const secret = newSecret();
  const { user, confirm } = await changeManagedUser(ctx, input.userId, (current) => {
    if (current.disabled) throw new AppError("conflict", "This user is disabled. Enable the user first.");
    if (isRefused(current)) throw new AppError("conflict", "The identity provider has refused this user.");
    const kind = linkOf(current)?.kind === "invitation" && current.passwordHash === "" ? "invitation" : "reset";
    const validMs = (kind === "reset" ? RESET_HOURS : input.validHours) * HOUR_MS;
    return withLink(current, { kind, secret, nowMs: ctx.deps.clock.now(), validMs, createdBy: principal.name });
  });
  const note = linkOf(user)?.kind === "invitation" ? "invitation" : "password reset";
  await writeAudit(ctx, { action: "user.link", target: `user:${user.id}`, targetName: user.email, note });
  await confirm();
  return newLink(user, linkTokenOf({ userId: user.id, secret }));
}

/**
 * Makes the link of a user stop working. An invited user without any way to sign in stays in the list. Right:
 * `users:edit`.
 * @throws AppError `not_found`; `conflict` without a link; `forbidden` for a user with rights that the caller lacks
 */
export async function revokeLink({ ctx, input }: { ctx: Ctx; input: UserId }): Promise<UserId> {
  requireRight(ctx, "users:edit");
  const { user, confirm } = await changeManagedUser(ctx, input.userId, (current) => {
    if (!linkOf(current)) throw new AppError("conflict", "This user has no link.");
    return withoutLink(current);
  });
  await writeAudit(ctx, { action: "user.link", target: `user:${user.id}`, targetName: user.email, note: "revoked" });
  await confirm();
  return { userId: user.id };
}

/** What a link is for. @throws AppError `not_found` for an unknown, used or expired link, or a disabled user */
export async function readLink({ ctx, input }: { ctx: Ctx; input: LinkToken }): Promise<LinkView> {
  const user = await userOfLink(ctx.deps, input.token);
  const link = user && linkOf(user);
  if (!user || !link) throw invalidLink();
  return { kind: link.kind, email: user.email, name: user.name, expiresAt: new Date(link.expiresAt).toISOString() };
}

/**
 * Sets the password of a link's user, removes the passkeys and the link to the identity provider, ends the user's
 * sessions, and signs in or asks for the second factor. The link stops working.
 * @throws AppError `not_found` for an unknown, used or expired link, or a disabled user; `validation_failed` for a weak
 * password; `clickhouse_unavailable` if the password is set but ClickHouse did not confirm it
 */
export async function useLink(call: {
  ctx: Ctx;
  input: UseLinkInput;
  browser: Browser;
}): Promise<SignedIn | NeedsSecondFactor> {
  const { ctx, input, browser } = call;
  const { token, password } = input;
  const user = await userOfLink(ctx.deps, token);
  if (!user) throw invalidLink();
  await requireStrongPassword(ctx.deps, { password, words: [user.email, user.name] });
  const passwordHash = await hashPassword(password);
  const { confirm } = await changeUser(ctx.deps, user.id, (current) => {
    // Checked again under the lock, so that a link works once.
    if (!opensLink(current, { token, nowMs: ctx.deps.clock.now() })) throw invalidLink();
    return { ...markPassword(withoutOtherWays(current), true), passwordHash };
  });
  await endSessions(ctx.deps, { userId: user.id, select: () => true });
  const { id, email, name, role } = user;
  const caller = { ...ctx, principal: { id, email, name, role, via: "session" as const } };
  const note = linkOf(user)?.kind === "invitation" ? "by invitation" : "by reset link";
  await writeAudit(caller, { action: "user.password", target: `user:${id}`, targetName: email, note });
  // A used link must not be valid again after a loss of Redis.
  await confirm();
  const opened = await signInByPassword(ctx.deps, { email, password, browser });
  return "challenge" in opened ? opened : signedIn({ ctx, opened, browser });
}

const invalidLink = () =>
  new AppError(
    "not_found",
    "This link does not work: it is incomplete, has expired, or was used, replaced or revoked. Ask an admin for a new link.",
  );

export const newLink = (user: User, token: string): NewLink => {
  const link = linkOf(user) as PasswordLink;
  return { userId: user.id, kind: link.kind, token, expiresAt: new Date(link.expiresAt).toISOString() };
};
