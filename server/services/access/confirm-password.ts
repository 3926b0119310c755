import { AppError, fieldError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import type { Ctx } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { getUser, type User } from "./documents";
import { verifyPassword } from "./password";
import { requireCaller, requireUser } from "./require-right";
import { signInLimit } from "./sign-in-limit";

/** A call about the caller's own account. */
export interface OwnCall {
  ctx: Ctx;
  session: Session | null;
}

export interface OwnUser {
  user: User;
  session: Session;
  principal: Principal;
}

/** The caller's account. @throws AppError `unauthenticated`; `forbidden` for an API key */
export const ownUser = (call: OwnCall): Promise<OwnUser> => userOf(call, requireCaller(call.ctx));

/** Like `ownUser`, also for a caller who must set up a second factor first. */
export const enrollingUser = (call: OwnCall): Promise<OwnUser> => userOf(call, requireUser(call.ctx));

async function userOf({ ctx, session }: OwnCall, principal: Principal): Promise<OwnUser> {
  const user = session && (await getUser(ctx.deps, principal.id));
  if (!session || !user) throw new AppError("forbidden", "Only a signed-in user has an account.");
  return { user, session, principal };
}

/**
 * Checks the caller's password before a change of the account. A wrong one counts as a failed sign-in of this session.
 * @throws AppError `validation_failed` for a wrong password; `rate_limited`
 */
export async function confirmPassword(
  ctx: Ctx,
  input: { user: User; session: Session; password: string },
): Promise<void> {
  const { user, session, password } = input;
  const attempt = { email: user.email, ip: session.ip, device: session.id };
  const limit = signInLimit(ctx.deps);
  await limit.admitAttempt(attempt);
  const isRight = user.passwordHash !== "" && (await verifyPassword({ password, hash: user.passwordHash }));
  if (!isRight) throw fieldError("validation_failed", { field: "password", message: "is wrong" });
  await limit.recordSuccess(attempt);
}
