import { v7 } from "uuid";
import type { Deps } from "~/server/services/ctx";
import { asOnlyWriter } from "~/server/services/documents/one-writer";
import { type AccessDeps, insertUser, type User } from "./documents";
import { hashPassword } from "./password";

/**
 * Makes an account. Who may is the caller's question.
 * @throws AppError `conflict` when the e-mail is taken; `clickhouse_unavailable`: nothing was kept.
 */
export async function newUser(
  deps: AccessDeps & Pick<Deps, "clock">,
  input: { email: string; name: string; role: User["role"]; password: string },
): Promise<User> {
  const now = deps.clock.now();
  const user: User = {
    id: v7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    email: input.email.toLowerCase(),
    name: input.name,
    role: input.role,
    passwordHash: await hashPassword(input.password),
    disabled: false,
  };
  await asOnlyWriter(deps, "u", () => insertUser(deps, user));
  return user;
}
