import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { asOnlyWriter } from "~/server/services/documents/one-writer";
import { getUser, nextVersion, listUsers as readUsers, removeUser, type User, writeUser } from "./documents";
import type { CreateUserInput, UpdateUserInput, UserId } from "./inputs";
import { newUser } from "./new-user";
import { hashPassword } from "./password";
import { requireRight } from "./require-right";
import { endSessions } from "./sessions";

export interface UserView {
  userId: string;
  email: string;
  name: string;
  role: User["role"];
  disabled: boolean;
  createdAt: string;
  updatedAt: string;
}

function viewOf(user: User): UserView {
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    disabled: user.disabled,
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
  };
}

/** All users, oldest first. Right: admin. */
export async function listUsers({ ctx }: { ctx: Ctx }): Promise<{ items: UserView[] }> {
  requireRight(ctx, "admin");
  return { items: (await readUsers(ctx.deps)).map(viewOf) };
}

/**
 * Makes an account: sign-up is closed, only an admin does it.
 * @throws AppError `conflict` when the e-mail is taken.
 */
export async function createUser({ ctx, input }: { ctx: Ctx; input: CreateUserInput }): Promise<UserView> {
  requireRight(ctx, "admin");
  const view = viewOf(await newUser(ctx.deps, input));
  await writeAudit(ctx, { action: "user.create", target: `user:${view.userId}`, after: view });
  return view;
}

/**
 * Changes name, role, block or password of a user. A block and a new password end the user's sessions.
 * @throws AppError `not_found`; `conflict` when no admin would be left.
 */
export async function updateUser({ ctx, input }: { ctx: Ctx; input: UpdateUserInput }): Promise<UserView> {
  requireRight(ctx, "admin");
  const { userId, password, ...changes } = input;
  const passwordHash = password && (await hashPassword(password));
  const { user, next, confirm } = await asOnlyWriter(ctx.deps, "u", async () => {
    const current = await findUser(ctx, userId);
    const now = ctx.deps.clock.now();
    const changed: User = {
      ...current,
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
  if (next.disabled || password) await endSessions(ctx.deps, { userId, which: () => true });
  await writeAudit(ctx, {
    action: password ? "user.password" : "user.update",
    target: `user:${userId}`,
    before: viewOf(user),
    after: viewOf(next),
  });
  await confirm();
  return viewOf(next);
}

/**
 * Removes a user and ends their sessions.
 * @throws AppError `not_found`; `conflict` when no admin would be left.
 */
export async function deleteUser({ ctx, input }: { ctx: Ctx; input: UserId }): Promise<UserId> {
  requireRight(ctx, "admin");
  const { user, confirm } = await asOnlyWriter(ctx.deps, "u", async () => {
    const found = await findUser(ctx, input.userId);
    await requireAnotherAdmin(ctx, found);
    return { user: found, confirm: await removeUser(ctx.deps, found, ctx.deps.clock.now()) };
  });
  await endSessions(ctx.deps, { userId: user.id, which: () => true });
  await writeAudit(ctx, { action: "user.delete", target: `user:${user.id}`, before: viewOf(user) });
  await confirm();
  return { userId: user.id };
}

async function findUser(ctx: Ctx, userId: string): Promise<User> {
  const user = await getUser(ctx.deps, userId);
  if (!user) throw new AppError("not_found", "There is no such user.");
  return user;
}

async function requireAnotherAdmin(ctx: Ctx, leaving: User): Promise<void> {
  const users = await readUsers(ctx.deps);
  const others = users.some((user) => user.id !== leaving.id && user.role === "admin" && !user.disabled);
  if (!others) throw new AppError("conflict", "This is the last admin.");
}
