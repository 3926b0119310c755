import { AppError, fieldError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { asOnlyWriter } from "~/server/services/documents/one-writer";
import { getUser, nextVersion, writeUser } from "./documents";
import type { ChangePasswordInput } from "./inputs";
import { hashPassword, verifyPassword } from "./password";
import { requireRight } from "./require-right";
import { endSessions } from "./sessions";
import { signInLimit } from "./sign-in-limit";

/**
 * Changes the caller's own password and ends all other sessions.
 * @throws AppError `validation_failed` when the current one is wrong, `rate_limited`, `forbidden` for an API key.
 */
export async function changePassword(call: {
  ctx: Ctx;
  input: ChangePasswordInput;
  session: Session | null;
}): Promise<{ endedSessions: number }> {
  const { ctx, input, session } = call;
  const principal = requireRight(ctx, "read");
  const user = session ? await getUser(ctx.deps, principal.id) : null;
  if (!user || !session) throw new AppError("forbidden", "Only a signed-in user has a password.");
  const attempt = { email: user.email, ip: session.ip, device: session.id };
  const limit = signInLimit(ctx.deps);
  await limit.count(attempt);
  if (!(await verifyPassword({ password: input.currentPassword, hash: user.passwordHash }))) {
    throw fieldError("validation_failed", { field: "current_password", message: "is wrong" });
  }
  await limit.passed(attempt);
  const passwordHash = await hashPassword(input.newPassword);
  const confirm = await asOnlyWriter(ctx.deps, "u", async () => {
    const current = await getUser(ctx.deps, user.id);
    if (current?.passwordHash !== user.passwordHash) {
      throw new AppError("conflict", "The password was changed at the same moment.");
    }
    const now = ctx.deps.clock.now();
    return writeUser(ctx.deps, { ...current, passwordHash, version: nextVersion(current, now), updatedAt: now });
  });
  const endedSessions = await endSessions(ctx.deps, { userId: user.id, which: (one) => one.id !== session.id });
  await writeAudit(ctx, { action: "user.password", target: `user:${user.id}` });
  await confirm();
  return { endedSessions };
}
