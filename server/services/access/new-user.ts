import { v7 } from "uuid";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Deps } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { type AccessDeps, insertUser, type User } from "./documents";
import { markPassword } from "./identity/provider-users";
import { hashPassword } from "./password";

/**
 * Creates an account. The caller checks the right.
 * @throws AppError `conflict` if the e-mail address has an account, or another change of accounts takes too long;
 * `clickhouse_unavailable` if nothing was stored
 */
export async function newUser(
  deps: AccessDeps & Pick<Deps, "clock">,
  input: { id?: string; email: string; name: string; role: User["role"]; password: string; passwordOfOthers?: boolean },
): Promise<User> {
  const now = deps.clock.now();
  const user: User = {
    id: input.id ?? v7(),
    version: 1,
    createdAt: now,
    updatedAt: now,
    email: input.email.toLowerCase(),
    name: input.name,
    role: input.role,
    passwordHash: await hashPassword(input.password),
    disabled: false,
  };
  const marked = markPassword(user, input.passwordOfOthers ?? false);
  await withDocumentLock(deps, DOCUMENT_KIND.account, () => insertUser(deps, marked));
  return marked;
}
