import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { keyedRequest, once } from "~/server/services/idempotency";
import { forgetKept } from "./directory/look-up";
import { rightsOfHeldRole, rightsOfRole } from "./directory/role-rights";
import {
  getUser,
  nextVersion,
  listUsers as readUsers,
  removeUser,
  storedNothing,
  type User,
  writeUser,
} from "./documents";
import { linkOf, type PasswordLink, withoutLink } from "./identity/password-links";
import { canSignIn, markPassword, setRefused, withoutOtherWays } from "./identity/provider-users";
import { hasSecondFactor } from "./identity/second-factor";
import type { CreateUserInput, UpdateUserInput, UserId } from "./inputs";
import { newUser } from "./new-user";
import { hashPassword } from "./password";
import { requireHeldRights, requireOther, requireRight } from "./require-right";
import { derivedSecret } from "./secrets";
import { endSessions } from "./sessions";
import { requireStrongPassword } from "./strong-password";

export interface UserView {
  userId: string;
  email: string;
  name: string;
  role: User["role"];
  disabled: boolean;
  secondFactor: boolean;
  /** The last unused link with which the user can set a password, also if it has expired; null without one. */
  link: { kind: PasswordLink["kind"]; expiresAt: string; expired: boolean } | null;
  createdAt: string;
  updatedAt: string;
}

function viewOf(user: User, nowMs: number): UserView {
  const link = linkOf(user);
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    disabled: user.disabled,
    secondFactor: hasSecondFactor(user),
    link: link && {
      kind: link.kind,
      expiresAt: new Date(link.expiresAt).toISOString(),
      expired: link.expiresAt <= nowMs,
    },
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
  };
}

/** Returns all users, oldest first. */
export async function listUsers({ ctx }: { ctx: Ctx }): Promise<{ items: UserView[] }> {
  requireRight(ctx, "users:edit");
  return { items: (await readUsers(ctx.deps)).map((user) => viewOf(user, ctx.deps.clock.now())) };
}

/**
 * Creates an account. A repeat with the same idempotency key creates no second account. Right: `users:edit`.
 * @throws AppError `conflict` if the e-mail address has an account; `forbidden` for a role with rights that the caller
 * lacks; `validation_failed` for an unknown role or a weak password; `clickhouse_unavailable` if nothing was stored;
 * the codes of an idempotency key that was reused or is in progress
 */
export async function createUser(call: { ctx: Ctx; input: CreateUserInput }): Promise<UserView> {
  const { ctx } = call;
  requireHeldRights(requireRight(ctx, "users:edit"), await rightsOfRole(ctx, call.input.role));
  const { idempotencyKey: key, ...input } = call.input;
  await requireStrongPassword(ctx.deps, { password: input.password, words: [input.email, input.name] });
  // The stored digest of the request contains an HMAC of the password under the idempotency key, which is not stored.
  // Nobody can then guess the password from the digest.
  const request = { ...input, password: derivedSecret(key ?? "", input.password) };
  const keyed = keyedRequest({ ctx, call: "user.create", key, request });
  return once({ ctx, keyed, didNothing: storedNothing }, async (userId) => {
    // An earlier request with the same key may have stored the account.
    const known = userId === null ? null : await getUser(ctx.deps, userId);
    const view = viewOf(
      known ?? (await newUser(ctx.deps, { ...input, id: userId ?? undefined, passwordOfOthers: true })),
      ctx.deps.clock.now(),
    );
    const target = `user:${view.userId}`;
    await writeAudit(ctx, { action: "user.create", target, targetName: view.email, after: view });
    return view;
  });
}

/**
 * Changes the name, role, `disabled` flag or password of a user. Disabling the user or a new password ends their
 * sessions, and disabling refuses their API keys. A new password also removes the passkeys and the link to the identity
 * provider. An open password link ends with a new password, with another role and with disabling. Right: `users:edit`.
 * @throws AppError `not_found`; `conflict` if no admin could sign in any more, or for the caller's own password;
 * `forbidden` for a user or a role with rights that the caller lacks; `validation_failed` for an unknown role or a weak
 * password; `clickhouse_unavailable` if the change is in force but ClickHouse did not confirm it
 */
export async function updateUser({ ctx, input }: { ctx: Ctx; input: UpdateUserInput }): Promise<UserView> {
  const principal = requireRight(ctx, "users:edit");
  const { userId, password, ...changes } = input;
  if (password !== undefined) {
    requireOther(principal, userId);
    const { email, name } = await findUser(ctx, userId);
    await requireStrongPassword(ctx.deps, { password, words: [email, name] });
  }
  const passwordHash = password && (await hashPassword(password));
  const { user, next, confirm } = await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, async () => {
    const current = await findUser(ctx, userId);
    requireHeldRights(principal, await rightsOfHeldRole(ctx, current.role));
    if (changes.role !== undefined) requireHeldRights(principal, await rightsOfRole(ctx, changes.role));
    const now = ctx.deps.clock.now();
    const isNewRole = changes.role !== undefined && changes.role !== current.role;
    const kept = isNewRole || changes.disabled ? withoutLink(current) : current;
    const changed: User = {
      ...(passwordHash === undefined ? kept : markPassword(withoutOtherWays(setRefused(kept, false)), true)),
      name: changes.name ?? current.name,
      role: changes.role ?? current.role,
      disabled: changes.disabled ?? current.disabled,
      passwordHash: passwordHash ?? current.passwordHash,
      version: nextVersion(current, now),
      updatedAt: now,
    };
    if (changed.role !== "admin" || changed.disabled) await requireAnotherAdmin(ctx, current);
    return { user: current, next: changed, confirm: await writeUser(ctx.deps, changed) };
  });
  forgetKept(ctx.deps);
  if (next.disabled || password) await endSessions(ctx.deps, { userId, select: () => true });
  await writeAudit(ctx, {
    action: password ? "user.password" : "user.update",
    target: `user:${userId}`,
    targetName: next.email,
    before: viewOf(user, ctx.deps.clock.now()),
    after: viewOf(next, ctx.deps.clock.now()),
  });
  // Wait for ClickHouse last, so that the audit entry exists even if ClickHouse does not confirm.
  await confirm();
  return viewOf(next, ctx.deps.clock.now());
}

/**
 * Deletes a user and ends their sessions. Right: `users:edit`.
 * @throws AppError `not_found`; `conflict` if no admin could sign in any more; `forbidden` for a user with rights that
 * the caller lacks; `clickhouse_unavailable` if the user is deleted but ClickHouse did not confirm it
 */
export async function deleteUser({ ctx, input }: { ctx: Ctx; input: UserId }): Promise<UserId> {
  const principal = requireRight(ctx, "users:edit");
  const { user, confirm } = await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, async () => {
    const found = await findUser(ctx, input.userId);
    requireHeldRights(principal, await rightsOfHeldRole(ctx, found.role));
    await requireAnotherAdmin(ctx, found);
    return { user: found, confirm: await removeUser(ctx.deps, found, ctx.deps.clock.now()) };
  });
  forgetKept(ctx.deps);
  await endSessions(ctx.deps, { userId: user.id, select: () => true });
  await writeAudit(ctx, {
    action: "user.delete",
    target: `user:${user.id}`,
    targetName: user.email,
    before: viewOf(user, ctx.deps.clock.now()),
  });
  // Wait last, as in `updateUser`.
  await confirm();
  return { userId: user.id };
}

async function findUser(ctx: Ctx, userId: string): Promise<User> {
  const user = await getUser(ctx.deps, userId);
  if (!user) throw new AppError("not_found", "This user does not exist.");
  return user;
}

/** Throws `conflict` if the user is an admin and no other admin can sign in. */
async function requireAnotherAdmin(ctx: Ctx, user: User): Promise<void> {
  if (user.role !== "admin") return;
  const users = await readUsers(ctx.deps);
  const hasOther = users.some((one) => one.id !== user.id && one.role === "admin" && canSignIn(one));
  if (!hasOther) throw new AppError("conflict", "No other admin can sign in. Make another user an admin first.");
}
