import { passkey } from "@better-auth/passkey";
import { APIError } from "better-auth/api";
import { type BetterAuthOptions, betterAuth } from "better-auth/minimal";
import { genericOAuth, twoFactor } from "better-auth/plugins";
import { v7 } from "uuid";
import { AppError } from "~/server/domain/errors";
import type { OidcSettings } from "~/server/domain/oidc";
import type { Confirm } from "~/server/services/documents/store-documents";
import { getUser } from "../documents";
import { hashPassword, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, verifyPassword } from "../password";
import { accountAdapter } from "./account-adapter";
import { type AuthDeps, currentCall, type OpeningBrowser, recordingFailure, runCall } from "./auth-call";
import { cookieSecret } from "./cookie-secret";
import { discoveryUrl, PROVIDER_ID, profileOf } from "./provider-profile";
import { acceptUser, isRefused } from "./provider-users";
import { openInCall, sessionStorage } from "./session-storage";

export const SESSION_COOKIE = "stufio_session";
/** Binds a sign-in by an identity provider to the browser that began the sign-in. */
export const STATE_COOKIE = "stufio_sign_in";
/** Identifies a sign-in whose password was right and whose second factor is missing. */
export const SECOND_FACTOR_COOKIE = "stufio_second_factor";
/** Identifies a ceremony of a passkey. Only better-auth sees this cookie; see passkeys.ts. */
export const PASSKEY_COOKIE = "stufio_passkey";
/** How long the second factor may be entered after the password, s. */
const SECOND_FACTOR_SECONDS = 600;
export const RECOVERY_CODES = 10;
/** How long a session lasts after its sign-in, ms. */
export const SESSION_MS = 14 * 86_400_000;
/** Limited, because callers choose the header. */
const MAX_USER_AGENT_LENGTH = 400;

/*
 * better-auth verifies who signs in, and to whom the session of a cookie belongs. Our routes call its functions after
 * they have checked the origin, the body and the limits. Its own HTTP handler is not served (docs/adr/0018).
 */
function baseOptions(secret: string) {
  return {
    // Not `secret`, because variables such as BETTER_AUTH_SECRETS would override `secret`.
    secrets: [{ version: 1, value: secret }],
    // For the library's own pages, which are not served.
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
        hasPassword: { type: "boolean", required: false, input: false },
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
      cookies: {
        session_token: { name: SESSION_COOKIE },
        state: { name: STATE_COOKIE },
        two_factor: { name: SECOND_FACTOR_COOKIE },
        [PASSKEY_COOKIE]: { name: PASSKEY_COOKIE },
      },
      database: { generateId: () => v7() },
      // `openSession` sets the address instead.
      ipAddress: { disableIpTracking: true },
    },
    // sign-in-limit.ts limits attempts by account, address and browser.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      twoFactor({
        issuer: "Stufio Schedules",
        twoFactorCookieMaxAge: SECOND_FACTOR_SECONDS,
        // sign-in-limit.ts limits codes too. A browser in which the user has signed in before waits only after its own
        // wrong codes.
        accountLockout: { enabled: false },
        backupCodeOptions: { amount: RECOVERY_CODES, storeBackupCodes: "encrypted" },
      }),
    ],
  } satisfies BetterAuthOptions;
}

const createAuth = (secret: string) => betterAuth(baseOptions(secret));

/**
 * Adds the browser to a new session. At a sign-in by the identity provider, gives the user the role from the provider.
 * Returns `false`, by which better-auth refuses, for a disabled user, and for a user whom the provider has refused,
 * unless the provider now signs the user in.
 */
function openSession<S extends { userId: string; token: string }>(session: S) {
  return recordingFailure(async (call) => {
    const { deps, browser, atProvider } = call;
    const user = await getUser(deps, session.userId);
    if (!user || user.disabled || (isRefused(user) && !atProvider)) return false;
    if (atProvider) call.confirms.push((await acceptUser(deps, user, atProvider.role, { atSignIn: true })).confirm);
    openInCall(session.token);
    const { ip = null, userAgent = null, isHttps = false } = browser ?? {};
    const ipAddress = ip ?? "";
    const shortUserAgent = userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? "";
    // The cookie of a session over HTTPS has the prefix `__Host-`.
    return { data: { ...session, ipAddress, userAgent: shortUserAgent, isOfHost: isHttps } };
  });
}

/**
 * Creates a second instance for sign-in by an OpenID provider. This instance waits for the provider when it starts, and
 * sign-in by password must not wait. Both instances open and read the same sessions.
 */
function createOidcAuth(secret: string, oidc: OidcSettings) {
  return betterAuth({
    ...baseOptions(secret),
    baseURL: oidc.publicUrl,
    account: { encryptOAuthTokens: true },
    databaseHooks: {
      session: { create: { before: openSession } },
      user: { create: { before: async (user) => ({ data: { ...user, ...newUserFields() } }) } },
    },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: PROVIDER_ID,
            discoveryUrl: discoveryUrl(oidc),
            clientId: oidc.clientId,
            ...(oidc.clientSecret === null ? {} : { clientSecret: oidc.clientSecret }),
            scopes: [...oidc.scopes],
            pkce: true,
            requireIdTokenVerification: true,
            getUserInfo: ({ accessToken }) => profileOf(oidc, accessToken ?? ""),
          },
        ],
      }),
    ],
  });
}

/**
 * An instance for passkeys, which belong to the host of one address of this product. The plugin does not require that
 * the authenticator verifies the user (by a PIN or a fingerprint), so that is checked here.
 */
function createPasskeyAuth(secret: string, origin: string) {
  const base = baseOptions(secret);
  return betterAuth({
    ...base,
    // Adding a passkey asks for the password instead of a recent sign-in.
    session: { ...base.session, freshAge: 0 },
    plugins: [
      passkey({
        rpID: new URL(origin).hostname,
        rpName: "Stufio Schedules",
        origin,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        advanced: { webAuthnChallengeCookie: PASSKEY_COOKIE },
        registration: {
          afterVerification: ({ verification }) => requireVerified(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) => requireVerified(verification.authenticationInfo.userVerified),
        },
      }),
    ],
  });
}

function requireVerified(isVerified: boolean | undefined): void {
  if (!isVerified) throw new APIError("UNAUTHORIZED", { message: "The authenticator did not verify the user." });
}

function newUserFields() {
  const call = currentCall();
  call.createdUser = true;
  return { role: call.atProvider?.role ?? "viewer", disabled: false };
}

type Auth = ReturnType<typeof createAuth>;
type OidcAuth = ReturnType<typeof createOidcAuth>;
type PasskeyAuth = ReturnType<typeof createPasskeyAuth>;

const instances = new Map<string, Auth>();
const oidcInstances = new WeakMap<OidcSettings, OidcAuth>();

function authOf(secret: string): Auth {
  const auth = instances.get(secret) ?? createAuth(secret);
  instances.set(secret, auth);
  return auth;
}

/**
 * Calls better-auth with the stores of a request. Call `confirm` last, to wait until ClickHouse has the changes of
 * accounts.
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

/** Without `PUBLIC_URL`, callers choose the address, so only the latest instances are kept. */
const MAX_PASSKEY_INSTANCES = 8;
const passkeyInstances = new Map<string, PasskeyAuth>();

/** Like `withAuth`, for passkeys. `origin`: the address of this product in the caller's browser. */
export async function withPasskeyAuth<T>(
  input: { deps: AuthDeps; origin: string; browser?: OpeningBrowser },
  run: (auth: PasskeyAuth) => Promise<T>,
): Promise<{ result: T; confirm: Confirm }> {
  const { deps, origin, browser = null } = input;
  const secret = await cookieSecret(deps);
  const key = `${origin} ${secret}`;
  const auth = passkeyInstances.get(key) ?? createPasskeyAuth(secret, origin);
  passkeyInstances.delete(key);
  passkeyInstances.set(key, auth);
  const [oldest] = passkeyInstances.keys();
  if (passkeyInstances.size > MAX_PASSKEY_INSTANCES && oldest !== undefined) passkeyInstances.delete(oldest);
  return runCall({ deps, browser }, () => run(auth));
}

/**
 * Like `withAuth`, for sign-in by the OpenID provider.
 * @throws AppError `not_found` if none is configured
 */
export async function withOidcAuth<T>(
  input: { deps: AuthDeps; browser?: OpeningBrowser },
  run: (auth: OidcAuth, oidc: OidcSettings) => Promise<T>,
): Promise<{ result: T; confirm: Confirm }> {
  const { deps, browser = null } = input;
  const { oidc } = deps.env;
  if (!oidc) throw new AppError("not_found", "Sign-in by an identity provider is not configured (OIDC_ISSUER).");
  const auth = oidcInstances.get(oidc) ?? createOidcAuth(await cookieSecret(deps), oidc);
  oidcInstances.set(oidc, auth);
  return runCall({ deps, browser }, () => run(auth, oidc));
}
