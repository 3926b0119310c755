import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import type { Confirm } from "~/server/services/documents/store-documents";
import { getUser, nextVersion, type User, writeUser } from "../documents";
import type { AuthDeps } from "./auth-call";

/** Changes a user in Redis at once. Call `confirm` last, to wait for ClickHouse. Throws `not_found`, `conflict`. */
export async function changeUser(
  deps: AuthDeps,
  userId: string,
  next: (user: User) => User | Promise<User>,
): Promise<{ user: User; confirm: Confirm }> {
  return withDocumentLock(deps, DOCUMENT_KIND.account, async () => {
    const user = await getUser(deps, userId);
    if (!user) throw new AppError("not_found", "This user does not exist.");
    const now = deps.clock.now();
    const changed = { ...(await next(user)), version: nextVersion(user, now), updatedAt: now };
    return { user: changed, confirm: await writeUser(deps, changed) };
  });
}
