import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { confirmPassword, enrollingUser, type OwnCall } from "./confirm-password";
import { rememberDevice } from "./devices";
import type { User } from "./documents";
import { withoutRows } from "./identity/rows";
import {
  alreadyOn,
  confirmFactor,
  createFactor,
  hasSecondFactor,
  recoveryCodesLeft,
  removeFactor,
  replaceRecoveryCodes,
  withoutFactor,
} from "./identity/second-factor";
import type { CodeInput, PasswordInput, UserId } from "./inputs";
import { changeManagedUser } from "./managed-user";
import { requireOther, requireRight } from "./require-right";
import { endSessions } from "./sessions";
import type { Browser, SignedIn } from "./sign-in";
import { secondFactorLimit } from "./sign-in-limit";

export interface SecondFactorView {
  enabled: boolean;
  /** The value of `REQUIRE_SECOND_FACTOR`. */
  required: boolean;
  /** A user without a password signs in by a passkey or an identity provider, and needs no second factor. */
  hasPassword: boolean;
  recoveryCodesLeft: number;
}

export async function getSecondFactor({ ctx, session }: OwnCall): Promise<SecondFactorView> {
  const { user } = await enrollingUser({ ctx, session });
  return {
    enabled: hasSecondFactor(user),
    required: ctx.deps.env.requireSecondFactor,
    hasPassword: user.passwordHash !== "",
    recoveryCodesLeft: hasSecondFactor(user) ? await recoveryCodesLeft(ctx.deps, user) : 0,
  };
}

/**
 * Creates the caller's secret and recovery codes, which have no effect until `confirmSecondFactor`.
 * @throws AppError `validation_failed` for a wrong password; `conflict` if there is a second factor; `rate_limited`
 */
export async function startSecondFactor(
  call: OwnCall & { input: PasswordInput },
): Promise<{ uri: string; secret: string; recoveryCodes: string[] }> {
  const { user, session } = await enrollingUser(call);
  const { deps } = call.ctx;
  const { password } = call.input;
  await confirmPassword(call.ctx, { user, session, password });
  const { result, confirm } = await createFactor(deps, { session, password });
  await confirm();
  return { ...result, secret: new URL(result.uri).searchParams.get("secret") ?? "" };
}

/**
 * Turns the caller's second factor on, ends all other sessions, and replaces the caller's session.
 * @throws AppError `validation_failed` for a wrong code; `conflict` without `startSecondFactor`, or if it is on
 * already; `rate_limited`
 */
export async function confirmSecondFactor(call: OwnCall & { input: CodeInput; browser: Browser }): Promise<SignedIn> {
  const { ctx, input, browser } = call;
  const { user, session, principal } = await enrollingUser(call);
  if (hasSecondFactor(user)) throw alreadyOn();
  const attempt = { email: user.email, ip: session.ip, device: session.id };
  const limit = secondFactorLimit(ctx.deps);
  await limit.admitAttempt(attempt);
  const { opened, confirm } = await confirmFactor(ctx.deps, { session, code: input.code, browser });
  await limit.recordSuccess(attempt);
  await endSessions(ctx.deps, { userId: user.id, select: (one) => one.id !== opened.session.id });
  await audit({ ...ctx, principal }, user, { enabled: true, note: "turned on" });
  const device = browser.replacesDevice ? null : browser.device;
  const deviceCookie = await rememberDevice(ctx.deps, { device, userId: user.id });
  await confirm();
  return { ...opened, device: deviceCookie };
}

/**
 * Turns the caller's second factor off.
 * @throws AppError `validation_failed` for a wrong password; `conflict` without a second factor; `rate_limited`
 */
export async function stopSecondFactor(call: OwnCall & { input: PasswordInput }): Promise<{ enabled: false }> {
  const { ctx } = call;
  const { user, session, principal } = await enrollingUser(call);
  if (!hasSecondFactor(user)) throw new AppError("conflict", "This account has no second factor.");
  await confirmPassword(ctx, { user, session, password: call.input.password });
  const { confirm } = await removeFactor(ctx.deps, user.id);
  await audit({ ...ctx, principal }, user, { enabled: false, note: "turned off" });
  await confirm();
  return { enabled: false };
}

/**
 * Replaces the caller's recovery codes.
 * @throws AppError `validation_failed` for a wrong password; `conflict` without a second factor; `rate_limited`
 */
export async function newRecoveryCodes(call: OwnCall & { input: PasswordInput }): Promise<{ recoveryCodes: string[] }> {
  const { ctx, input } = call;
  const { user, session, principal } = await enrollingUser(call);
  await confirmPassword(ctx, { user, session, password: input.password });
  const { result, confirm } = await replaceRecoveryCodes(ctx.deps, { session, password: input.password });
  await audit({ ...ctx, principal }, user, { enabled: true, note: "new recovery codes" });
  await confirm();
  return { recoveryCodes: result };
}

/**
 * Removes the second factor and the passkeys of a user who has lost them, and ends the user's sessions.
 * @throws AppError `not_found`; `conflict` without a second factor, or for the caller; `forbidden` for a user with
 * rights that the caller lacks
 */
export async function resetSecondFactor({ ctx, input }: { ctx: Ctx; input: UserId }): Promise<UserId> {
  const principal = requireRight(ctx, "users:edit");
  requireOther(principal, input.userId);
  const { user, confirm } = await changeManagedUser(ctx, input.userId, (current) => {
    if (!hasSecondFactor(current)) throw new AppError("conflict", "This user has no second factor.");
    return withoutRows(withoutFactor(current), ["passkey"]);
  });
  await endSessions(ctx.deps, { userId: user.id, select: () => true });
  await audit(ctx, user, { enabled: false, note: "reset" });
  await confirm();
  return { userId: user.id };
}

function audit(ctx: Ctx, user: User, { enabled, note }: { enabled: boolean; note: string }): Promise<void> {
  const target = { target: `user:${user.id}`, targetName: user.email };
  return writeAudit(ctx, { action: "user.second_factor", ...target, note, after: { enabled } });
}
