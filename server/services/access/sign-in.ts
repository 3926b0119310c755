import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { isKnownDevice, rememberDevice } from "./devices";
import { findUserByEmail } from "./documents";
import { signInByPassword } from "./identity/identities";
import type { SignInInput } from "./inputs";
import { signInLimit } from "./sign-in-limit";

/** The browser that sends a request. */
export interface Browser {
  ip: string | null;
  userAgent: string | null;
  /** The value of the device cookie. */
  device: string | null;
  /** Whether the browser uses HTTPS, so that its cookies have the prefix `__Host-`. */
  isHttps?: boolean;
  /** Issues a new device cookie: another host may have set the sent one, and must not learn who signs in with it. */
  replacesDevice?: boolean;
}

export interface SignedIn {
  principal: Principal;
  session: Session;
  /** The values of the session cookie and the device cookie, which are sent only as these cookies. */
  token: string;
  device: string;
}

/**
 * Checks e-mail address and password, and opens a session.
 * @throws AppError `rate_limited`; `unauthenticated` for a wrong password, an unknown e-mail address or a disabled
 * user
 */
export async function signIn(call: { ctx: Ctx; input: SignInInput; browser: Browser }): Promise<SignedIn> {
  const { ctx, input, browser } = call;
  const user = await findUserByEmail(ctx.deps, input.email);
  const { device } = browser;
  const isKnown = user && device && (await isKnownDevice(ctx.deps, { device, userId: user.id }));
  const attempt = { email: input.email, ip: browser.ip, device: isKnown ? device : null };
  const limit = signInLimit(ctx.deps);
  await limit.admitAttempt(attempt);
  const { email, password } = input;
  const opened = await signInByPassword(ctx.deps, { email, password, browser }).catch((error) => {
    if (error instanceof AppError && error.code === "unauthenticated")
      ctx.deps.log.warn({ requestId: ctx.requestId, ip: browser.ip }, "sign-in refused");
    throw error;
  });
  await limit.recordSuccess(attempt);
  const { principal } = opened;
  const remembered = { device: browser.replacesDevice ? null : device, userId: principal.id };
  const deviceCookie = await rememberDevice(ctx.deps, remembered);
  await writeAudit(
    { ...ctx, principal },
    { action: "session.open", target: `user:${principal.id}`, targetName: principal.email },
  );
  return { ...opened, device: deviceCookie };
}
