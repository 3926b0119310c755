import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError, fieldError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { getUser, nextVersion, writeUser } from "./documents";
import type { ChangePasswordInput } from "./inputs";
import { hashPassword, verifyPassword } from "./password";
import { requireCaller } from "./require-right";
import { endSessions } from "./sessions";
import { signInLimit } from "./sign-in-limit";

/**
 * Changes the caller's own password and ends all other sessions.
 * @throws AppError `validation_failed` if the current password is wrong; `rate_limited`; `forbidden` for an API key
 */
export async function changePassword(call: {
  ctx: Ctx;
  input: ChangePasswordInput;
  session: Session | null;
}): Promise<{ endedSessions: number }> {
  const { ctx, input, session } = call;
  const principal = requireCaller(ctx);
  const user = session ? await getUser(ctx.deps, principal.id) : null;
  if (!user || !session) throw new AppError("forbidden", "Only a signed-in user has a password.");
  const attempt = { email: user.email, ip: session.ip, device: session.id };
  const limit = signInLimit(ctx.deps);
  await limit.recordAttempt(attempt);
  if (!(await verifyPassword({ password: input.currentPassword, hash: user.passwordHash }))) {
    throw fieldError("validation_failed", { field: "current_password", message: "is wrong" });
  }
  await limit.recordSuccess(attempt);
  const passwordHash = await hashPassword(input.newPassword);
  const confirm = await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, async () => {
    const current = await getUser(ctx.deps, user.id);
    if (current?.passwordHash !== user.passwordHash) {
      throw new AppError("conflict", "Another request changed the password at the same time.");
    }
    const now = ctx.deps.clock.now();
    return writeUser(ctx.deps, { ...current, passwordHash, version: nextVersion(current, now), updatedAt: now });
  });
  const endedSessions = await endSessions(ctx.deps, { userId: user.id, select: (one) => one.id !== session.id });
  await writeAudit(ctx, { action: "user.password", target: `user:${user.id}`, targetName: user.email });
  await confirm();
  return { endedSessions };
}
