import { AppError, fieldError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { getUser } from "./documents";
import { withAuth } from "./identity/auth";
import type { ChangePasswordInput } from "./inputs";
import { requireCaller } from "./require-right";
import { endSessions } from "./sessions";
import { signInLimit } from "./sign-in-limit";
import { requireStrongPassword } from "./strong-password";

/**
 * Changes the caller's own password and ends all other sessions.
 * @throws AppError `validation_failed` if the current password is wrong, or the new one too weak; `rate_limited`;
 * `conflict` if another request changed the password at the same time; `forbidden` for an API key;
 * `clickhouse_unavailable` if the change is in force but ClickHouse did not confirm it
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
  await requireStrongPassword(ctx.deps, {
    ...{ password: input.newPassword, words: [user.email, user.name], field: "new_password" },
  });
  await limit.admitAttempt(attempt);
  const { currentPassword, newPassword } = input;
  const { result, confirm } = await withAuth({ deps: ctx.deps }, async (auth) => {
    const { adapter, internalAdapter, password } = await auth.$context;
    const account = await internalAdapter.findCredentialAccount(user.id);
    const hash = account?.password;
    if (!hash || !(await password.verify({ password: currentPassword, hash }))) return "wrong";
    const update = { password: await password.hash(newPassword) };
    // The condition has the checked password, so that a concurrent change is not overwritten.
    const where = [
      { field: "id", value: account.id },
      { field: "userId", value: user.id },
      { field: "password", value: hash },
    ];
    return (await adapter.updateMany({ model: "account", where, update })) === 1 ? "changed" : "raced";
  });
  if (result === "wrong") throw fieldError("validation_failed", { field: "current_password", message: "is wrong" });
  await limit.recordSuccess(attempt);
  if (result === "raced") throw new AppError("conflict", "Another request changed the password at the same time.");
  const endedSessions = await endSessions(ctx.deps, { userId: user.id, select: (one) => one.id !== session.id });
  await writeAudit(ctx, { action: "user.password", target: `user:${user.id}`, targetName: user.email });
  // Wait for ClickHouse last, because the change takes effect even if this fails.
  await confirm();
  return { endedSessions };
}
