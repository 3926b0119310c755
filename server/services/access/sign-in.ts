import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx, Principal } from "~/server/services/ctx";
import { isKnownDevice, rememberDevice } from "./devices";
import { findUserByEmail } from "./documents";
import type { SignInInput } from "./inputs";
import { verifyPassword } from "./password";
import { principalOf } from "./resolve-principal";
import { openSession } from "./sessions";
import { signInLimit } from "./sign-in-limit";

/** What the transport knows of the browser. */
export interface Browser {
  ip: string | null;
  userAgent: string | null;
  /** The value of its device cookie. */
  device: string | null;
}

export interface SignedIn {
  principal: Principal;
  session: Session;
  /** For the cookies alone. */
  token: string;
  device: string;
}

/**
 * Checks e-mail and password and opens a session.
 * @throws AppError `rate_limited`; `unauthenticated` for a wrong password, an unknown e-mail and a disabled user alike.
 */
export async function signIn(call: { ctx: Ctx; input: SignInInput; browser: Browser }): Promise<SignedIn> {
  const { ctx, input, browser } = call;
  const user = await findUserByEmail(ctx.deps, input.email);
  const { device } = browser;
  const isKnown = user && device && (await isKnownDevice(ctx.deps, { device, userId: user.id }));
  const attempt = { email: input.email, ip: browser.ip, device: isKnown ? device : null };
  const limit = signInLimit(ctx.deps);
  await limit.count(attempt);
  const matches = await verifyPassword({ password: input.password, hash: user?.passwordHash ?? null });
  if (!user || !matches || user.disabled) {
    ctx.deps.log.warn({ requestId: ctx.requestId, ip: browser.ip }, "sign-in refused");
    throw new AppError("unauthenticated", "The e-mail address or the password is wrong.");
  }
  await limit.passed(attempt);
  const principal = principalOf(user);
  const opened = await openSession(ctx.deps, { userId: user.id, ...browser });
  const known = await rememberDevice(ctx.deps, { device, userId: user.id });
  await writeAudit({ ...ctx, principal }, { action: "session.open", target: `user:${user.id}` });
  return { principal, ...opened, device: known };
}
