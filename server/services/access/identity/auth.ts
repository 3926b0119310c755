import { betterAuth } from "better-auth/minimal";
import { v7 } from "uuid";
import type { Confirm } from "~/server/services/documents/store-documents";
import { getUser } from "../documents";
import { hashPassword, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, verifyPassword } from "../password";
import { accountAdapter } from "./account-adapter";
import { type AuthDeps, type OpeningBrowser, recordingFailure, runCall } from "./auth-call";
import { cookieSecret } from "./cookie-secret";
import { openInCall, sessionStorage } from "./session-storage";

export const SESSION_COOKIE = "stufio_session";
/** How long a session lasts after its sign-in, ms. */
export const SESSION_MS = 14 * 86_400_000;

/*
 * better-auth answers who signs in and whose session a cookie is. Its HTTP handler is not served: our routes call its
 * functions, after they have checked the origin, the body and the limits. docs/adr/0018.
 */
function createAuth(secret: string) {
  return betterAuth({
    // Not `secret`: variables such as BETTER_AUTH_SECRETS would override it.
    secrets: [{ version: 1, value: secret }],
    // Only for the library's own pages, which are not served.
    baseURL: "http://localhost",
    database: accountAdapter,
    secondaryStorage: sessionStorage,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      additionalFields: {
        role: { type: "string", input: false },
        disabled: { type: "boolean", input: false },
      },
    },
    session: {
      expiresIn: SESSION_MS / 1000,
      // A session ends 14 days after the sign-in, however much it is used.
      disableSessionRefresh: true,
      additionalFields: { isOfHost: { type: "boolean", required: false, input: false } },
    },
    databaseHooks: { session: { create: { before: openSession } } },
    advanced: {
      // `server/services/access/cookies.ts` adds the prefix for browsers that use HTTPS.
      useSecureCookies: false,
      cookies: { session_token: { name: SESSION_COOKIE } },
      database: { generateId: () => v7() },
      ipAddress: { disableIpTracking: true },
    },
    // Limits count by account, address and browser: sign-in-limit.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
}

/** Adds the browser to a session that is being opened. Refuses a disabled user. */
function openSession<S extends { userId: string; token: string }>(session: S) {
  return recordingFailure(async ({ deps, browser }) => {
    const user = await getUser(deps, session.userId);
    if (!user || user.disabled) return false;
    openInCall(session.token);
    const { ip = null, userAgent = null, isHttps = false } = browser ?? {};
    const ipAddress = ip ?? "";
    return { data: { ...session, ipAddress, userAgent: userAgent?.slice(0, 400) ?? "", isOfHost: isHttps } };
  });
}

type Auth = ReturnType<typeof createAuth>;

const instances = new Map<string, Auth>();

function authOf(secret: string): Auth {
  const auth = instances.get(secret) ?? createAuth(secret);
  instances.set(secret, auth);
  return auth;
}

/**
 * Calls better-auth with the stores of a request. Call `confirm` after the rest of the change: it waits until
 * ClickHouse has the changes of accounts.
 * @throws the first error of a store; better-auth's `APIError`
 */
export async function withAuth<T>(
  input: { deps: AuthDeps; browser?: OpeningBrowser },
  run: (auth: Auth) => Promise<T>,
): Promise<{ result: T; confirm: Confirm }> {
  const { deps, browser = null } = input;
  const auth = authOf(await cookieSecret(deps));
  return runCall({ deps, browser }, () => run(auth));
}
