import { isAPIError } from "better-auth/api";
import { AppError } from "~/server/domain/errors";
import { ROLES } from "~/server/domain/rights";
import type { Session } from "~/server/domain/session";
import type { Principal } from "~/server/services/principal";
import type { Identity } from "~/server/services/verified-sessions";
import { SESSION_COOKIE, withAuth } from "./auth";
import type { AuthDeps, OpeningBrowser } from "./auth-call";
import { cookieSecret, signedValue } from "./cookie-secret";
import { isToken } from "./session-storage";

type Auth = Parameters<Parameters<typeof withAuth>[1]>[0];
type Found = Auth["$Infer"]["Session"];

export interface OpenedSession extends Identity {
  /** The value of the session cookie. */
  token: string;
}

/** The token of a session that a release before better-auth opened. Its cookie has no signature. */
const FORMER_TOKEN = /^[\w-]{43}$/;

/** The token in the value of a session cookie. */
export function tokenOf(cookie: string): string {
  const value = decoded(cookie);
  const at = value.lastIndexOf(".");
  return at < 1 ? value : value.slice(0, at);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The caller of a session cookie; null if the session has ended, or its user is disabled. */
export async function readIdentity(deps: AuthDeps, cookie: string): Promise<Identity | null> {
  // The storage of better-auth has other values too, which a cookie must not name.
  if (!isToken(tokenOf(cookie))) return null;
  const value = FORMER_TOKEN.test(cookie) ? signedValue(await cookieSecret(deps), cookie) : cookie;
  return (await withAuth({ deps }, (auth) => identityOf(auth, value))).result;
}

/**
 * Checks e-mail address and password, and opens a session. An unknown e-mail address takes as long as a wrong password.
 * @throws AppError `unauthenticated` for a wrong password, an unknown e-mail address or a disabled user
 */
export async function signInByPassword(
  deps: AuthDeps,
  input: { email: string; password: string; browser: OpeningBrowser },
): Promise<OpenedSession> {
  const { email, password, browser } = input;
  const secret = await cookieSecret(deps);
  const signingIn = withAuth({ deps, browser }, async (auth) => {
    const opened = await auth.api.signInEmail({ body: { email, password } });
    const token = signedValue(secret, opened.token);
    const identity = await identityOf(auth, token);
    return identity && { ...identity, token };
  });
  const { result } = await signingIn.catch((error) => {
    if (isAPIError(error) && error.statusCode < 500) throw wrongPassword();
    throw error;
  });
  if (!result) throw wrongPassword();
  return result;
}

const wrongPassword = () => new AppError("unauthenticated", "The e-mail address or the password is wrong.");

async function identityOf({ api }: Auth, cookie: string): Promise<Identity | null> {
  const found = await api.getSession({ headers: new Headers({ cookie: `${SESSION_COOKIE}=${cookie}` }) });
  return found && { principal: principalOf(found.user), session: sessionOf(found.session) };
}

function principalOf({ id, email, name, role }: Found["user"]): Principal {
  // A role that only a newer release knows gives the fewest rights.
  return { id, email, name, role: ROLES.find((one) => one === role) ?? "viewer", via: "session" };
}

const sessionOf = (found: Found["session"]): Session => ({
  ...{ id: found.id, userId: found.userId },
  ...{ createdAt: found.createdAt.getTime(), expiresAt: found.expiresAt.getTime(), seenAt: found.updatedAt.getTime() },
  ...{ ip: found.ipAddress || null, userAgent: found.userAgent || null },
  ...(found.isOfHost ? { isOfHost: true } : {}),
});
