import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { isKnownDevice, rememberDevice } from "./devices";
import { findUserByEmail } from "./documents";
import { type OpenedSession, signInByPassword } from "./identity/identities";
import type { NewCookie } from "./identity/new-cookies";
import { beginAgain, signInBySecondFactor, userOfChallenge } from "./identity/second-factor";
import type { SecondFactorInput, SignInInput } from "./inputs";
import { secondFactorLimit, signInLimit } from "./sign-in-limit";

export interface Browser {
  ip: string | null;
  userAgent: string | null;
  /** The value of the device cookie. */
  device: string | null;
  /** Whether the browser uses HTTPS, so that its cookies have the prefix `__Host-`. */
  isHttps?: boolean;
  /** Whether to issue a new device cookie, because another host may have set the sent cookie. */
  replacesDevice?: boolean;
}

export interface SignedIn {
  principal: Principal;
  session: Session;
  /** The value of the session cookie. */
  token: string;
  /** The value of the device cookie. */
  device: string;
}

/** The result of a right password if the user has a second factor. The cookie identifies the unfinished sign-in. */
export interface NeedsSecondFactor {
  challenge: NewCookie;
}

/**
 * Checks e-mail address and password. Opens a session, unless the user has a second factor.
 * @throws AppError `rate_limited`; the errors of `signInByPassword`
 */
export async function signIn(call: {
  ctx: Ctx;
  input: SignInInput;
  browser: Browser;
}): Promise<SignedIn | NeedsSecondFactor> {
  const { ctx, input, browser } = call;
  const user = await findUserByEmail(ctx.deps, input.email);
  const attempt = { email: input.email, ip: browser.ip, device: await knownDevice(ctx, browser, user?.id) };
  const limit = signInLimit(ctx.deps);
  await limit.admitAttempt(attempt);
  const { email, password } = input;
  const opened = await signInByPassword(ctx.deps, { email, password, browser }).catch((error) => {
    if (error instanceof AppError && error.code === "unauthenticated")
      ctx.deps.log.warn({ requestId: ctx.requestId, ip: browser.ip }, "sign-in refused");
    throw error;
  });
  await limit.recordSuccess(attempt);
  return "challenge" in opened ? opened : signedIn({ ctx, opened, browser });
}

/**
 * Completes a sign-in whose password was right. `challenge`: the value of the cookie that `signIn` set.
 * @throws AppError `rate_limited`; `unauthenticated` for a wrong or used code; `conflict` if the password must be
 * entered again
 */
export async function finishSignIn(call: {
  ctx: Ctx;
  input: SecondFactorInput;
  challenge: string | null;
  browser: Browser;
  /** Called with the id of the challenge's user. */
  about?: (userId: string) => void;
}): Promise<SignedIn> {
  const { ctx, input, challenge, browser, about } = call;
  const user = challenge === null ? null : await userOfChallenge(ctx.deps, challenge);
  if (challenge === null || !user) throw beginAgain();
  about?.(user.id);
  const attempt = { email: user.email, ip: browser.ip, device: await knownDevice(ctx, browser, user.id) };
  const limit = secondFactorLimit(ctx.deps);
  await limit.admitAttempt(attempt);
  const { code, recoveryCode } = input;
  const factor = code === undefined ? { recoveryCode: recoveryCode ?? "" } : { code };
  const { opened, confirm } = await signInBySecondFactor(ctx.deps, { challenge, user, factor, browser });
  await limit.recordSuccess(attempt);
  // A used recovery code must not be valid again after a loss of Redis.
  await confirm();
  return signedIn({ ctx, opened, browser, note: code === undefined ? "recovery code" : "second factor" });
}

async function knownDevice(ctx: Ctx, { device }: Browser, userId: string | undefined): Promise<string | null> {
  if (device === null || userId === undefined) return null;
  return (await isKnownDevice(ctx.deps, { device, userId })) ? device : null;
}

/** Writes the audit entry of an opened session, and remembers its browser. */
export async function signedIn(call: {
  ctx: Ctx;
  opened: OpenedSession;
  browser: Browser;
  note?: string;
}): Promise<SignedIn> {
  const { ctx, opened, browser, note } = call;
  const { principal } = opened;
  const remembered = { device: browser.replacesDevice ? null : browser.device, userId: principal.id };
  const device = await rememberDevice(ctx.deps, remembered);
  const target = { target: `user:${principal.id}`, targetName: principal.email };
  await writeAudit({ ...ctx, principal }, { action: "session.open", ...target, note });
  return { ...opened, device };
}
