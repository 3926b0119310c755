import { isAPIError } from "better-auth/api";
import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import type { Principal } from "~/server/services/principal";
import type { Identity } from "~/server/services/verified-sessions";
import { withRole } from "../directory/look-up";
import { SECOND_FACTOR_COOKIE, SESSION_COOKIE, withAuth } from "./auth";
import { type AuthDeps, currentCall, type OpeningBrowser } from "./auth-call";
import { cookieSecret, signedValue } from "./cookie-secret";
import { cookiesIn, type NewCookie } from "./new-cookies";
import { isToken } from "./session-storage";

export type Auth = Parameters<Parameters<typeof withAuth>[1]>[0];
type Found = Auth["$Infer"]["Session"];

export interface OpenedSession extends Identity {
  /** The value of the session cookie. */
  token: string;
}

/** A token of a release before better-auth. Its cookie has no signature. */
const FORMER_TOKEN = /^[\w-]{43}$/;

/** Returns the token in the value of a session cookie. */
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

/** Returns the caller of a session cookie; null if the cookie is forged, the session ended, or its user is disabled. */
export async function readIdentity(deps: AuthDeps, cookie: string): Promise<Identity | null> {
  // A cookie must not be the key of another value in better-auth's storage.
  if (!isToken(tokenOf(cookie))) return null;
  const value = FORMER_TOKEN.test(cookie) ? signedValue(await cookieSecret(deps), cookie) : cookie;
  return (await withAuth({ deps }, (auth) => identityOf(auth, value))).result;
}

/** A sign-in that needs the second factor. The cookie identifies the unfinished sign-in. */
export interface Challenge {
  challenge: NewCookie;
}

/**
 * Checks e-mail address and password. Opens a session, or begins the check of the second factor. An unknown e-mail
 * address takes as long as a wrong password.
 * @throws AppError `unauthenticated` for a wrong password, an unknown e-mail address, or a user who is disabled or whom
 * the identity provider has refused
 */
export async function signInByPassword(
  deps: AuthDeps,
  input: { email: string; password: string; browser: OpeningBrowser },
): Promise<OpenedSession | Challenge> {
  const { email, password, browser } = input;
  const signingIn = withAuth({ deps, browser }, async (auth) => {
    const opened = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true });
    const challenge = cookiesIn(opened.headers).find(({ name }) => name === SECOND_FACTOR_COOKIE);
    return challenge ? { challenge } : openedSession(auth, opened.headers);
  });
  const { result } = await signingIn.catch((error) => {
    if (isAPIError(error) && error.statusCode < 500) throw wrongPassword();
    throw error;
  });
  if (!result) throw wrongPassword();
  return result;
}

const wrongPassword = () => new AppError("unauthenticated", "The e-mail address or the password is wrong.");

/** The value of the session cookie that an answer of better-auth sets; null if it opened no session. */
export function sessionCookieIn(headers: Headers): string | null {
  return (
    cookiesIn(headers).find(({ name, maxAgeSeconds }) => name === SESSION_COOKIE && maxAgeSeconds > 0)?.value ?? null
  );
}

/** The session whose cookie an answer of better-auth sets; null if it opened none. */
export async function openedSession(auth: Auth, headers: Headers): Promise<OpenedSession | null> {
  const token = sessionCookieIn(headers);
  const identity = token === null ? null : await identityOf(auth, token);
  return token === null || !identity ? null : { ...identity, token };
}

async function identityOf({ api }: Auth, cookie: string): Promise<Identity | null> {
  const found = await api.getSession({ headers: new Headers({ cookie: `${SESSION_COOKIE}=${cookie}` }) });
  if (!found) return null;
  const principal = await withRole(currentCall().deps, principalOf(found.user));
  return { principal, session: sessionOf(found.session) };
}

function principalOf({ id, email, name, role, hasPassword, twoFactorEnabled }: Found["user"]): Principal {
  return {
    ...{ id, email, name, role: String(role), via: "session" as const },
    ...(hasPassword && !twoFactorEnabled ? { lacksSecondFactor: true } : {}),
  };
}

const sessionOf = (found: Found["session"]): Session => ({
  ...{ id: found.id, userId: found.userId },
  ...{ createdAt: found.createdAt.getTime(), expiresAt: found.expiresAt.getTime(), seenAt: found.updatedAt.getTime() },
  ...{ ip: found.ipAddress || null, userAgent: found.userAgent || null },
  ...(found.isOfHost ? { isOfHost: true } : {}),
});
