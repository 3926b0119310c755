import { isAPIError } from "better-auth/api";
import { AppError, fieldError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import type { Confirm } from "~/server/services/documents/store-documents";
import { getUser, type User } from "../documents";
import { sameSecret, sha256 } from "../secrets";
import { SECOND_FACTOR_COOKIE, withAuth } from "./auth";
import type { AuthDeps, OpeningBrowser } from "./auth-call";
import { changeUser } from "./change-user";
import { cookieSecret, signedValue } from "./cookie-secret";
import { type Auth, type OpenedSession, openedSession, tokenOf } from "./identities";
import { rowsOf } from "./rows";
import { headersOf } from "./session-headers";

/* The second factor is the plugin `twoFactor` of better-auth: codes of an authenticator app, and recovery codes. */

const MODEL = "twoFactor";
/** The plugin sets this field of the user after the first right code. */
const ENABLED = "twoFactorEnabled";
/** Longer than a code is valid. */
const USED_SECONDS = 120;

export const hasSecondFactor = (user: User) => user.identity?.fields[ENABLED] === true;

/** A code of the app, or a recovery code. */
export type SecondFactor = { code: string } | { recoveryCode: string };

export interface NewSecondFactor {
  /** `otpauth://totp/…`, which the QR code shows. */
  uri: string;
  recoveryCodes: string[];
}

/**
 * Creates a secret and recovery codes. They have no effect until `confirmFactor`.
 * @throws AppError `validation_failed` for a wrong password; `conflict` if there is a second factor;
 * `unauthenticated` if the session has ended
 */
export async function createFactor(
  deps: AuthDeps,
  input: { session: Session; password: string },
): Promise<{ result: NewSecondFactor; confirm: Confirm }> {
  const headers = await headersOf(deps, input.session);
  return withAuth({ deps }, async (auth) => {
    const body = { password: input.password, method: "totp" as const };
    const answer = await auth.api.enableTwoFactor({ body, headers }).catch(refused);
    if (!("totpURI" in answer)) throw new Error("better-auth created no secret.");
    return { uri: answer.totpURI, recoveryCodes: answer.backupCodes };
  });
}

/**
 * Turns the second factor on with the first code of the app. Replaces the session by a new one.
 * @throws AppError `validation_failed` for a wrong or used code; `conflict` without `createFactor`, or if it is on
 * already; `unauthenticated` if the session has ended
 */
export async function confirmFactor(
  deps: AuthDeps,
  input: { session: Session; code: string; browser: OpeningBrowser },
): Promise<{ opened: OpenedSession; confirm: Confirm }> {
  const { session, code, browser } = input;
  if (await isUsedCode(deps, { userId: session.userId, code })) throw wrongCode();
  const headers = await headersOf(deps, session);
  const { result, confirm } = await withAuth({ deps, browser }, async (auth) => {
    const answer = await auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }).catch(refused);
    return openedSession(auth, answer.headers);
  });
  if (!result) throw alreadyOn();
  return { opened: result, confirm };
}

/**
 * Replaces all recovery codes.
 * @throws AppError `validation_failed` for a wrong password; `conflict` without a second factor;
 * `unauthenticated` if the session has ended
 */
export async function replaceRecoveryCodes(
  deps: AuthDeps,
  input: { session: Session; password: string },
): Promise<{ result: string[]; confirm: Confirm }> {
  const headers = await headersOf(deps, input.session);
  return withAuth({ deps }, async (auth) => {
    const body = { password: input.password };
    return (await auth.api.generateBackupCodes({ body, headers }).catch(refused)).backupCodes;
  });
}

export function removeFactor(deps: AuthDeps, userId: string): Promise<{ user: User; confirm: Confirm }> {
  return changeUser(deps, userId, withoutFactor);
}

export function withoutFactor(user: User): User {
  const { [MODEL]: _, ...rows } = user.identity?.rows ?? {};
  const { [ENABLED]: __, ...fields } = user.identity?.fields ?? {};
  return { ...user, identity: { rows, fields } };
}

/** Returns how many recovery codes a user has left. */
export async function recoveryCodesLeft(deps: AuthDeps, user: User): Promise<number> {
  if (rowsOf(user, MODEL).length === 0) return 0;
  const { result } = await withAuth({ deps }, (auth) => auth.api.viewBackupCodes({ body: { userId: user.id } }));
  return result.backupCodes.length;
}

/**
 * Returns the user of a sign-in after the right password; null if the sign-in is unknown or too old, or for a disabled
 * user.
 */
export async function userOfChallenge(deps: AuthDeps, cookie: string): Promise<User | null> {
  const identifier = tokenOf(cookie);
  if (!sameSecret(signedValue(await cookieSecret(deps), identifier), cookie)) return null;
  const { result } = await withAuth({ deps }, async (auth) =>
    (await auth.$context).internalAdapter.findVerificationValue(identifier),
  );
  const user = result && (await getUser(deps, result.value));
  return user && !user.disabled ? user : null;
}

/**
 * Completes a sign-in with the second factor.
 * @throws AppError `unauthenticated` for a wrong or used code; `conflict` if the sign-in must begin again
 */
export async function signInBySecondFactor(
  deps: AuthDeps,
  input: { challenge: string; user: User; factor: SecondFactor; browser: OpeningBrowser },
): Promise<{ opened: OpenedSession; confirm: Confirm }> {
  const { challenge, user, factor, browser } = input;
  if ("code" in factor && (await isUsedCode(deps, { userId: user.id, code: factor.code }))) {
    throw new AppError("unauthenticated", WRONG_CODE);
  }
  const headers = new Headers({ cookie: `${SECOND_FACTOR_COOKIE}=${challenge}` });
  const { result, confirm } = await withAuth({ deps, browser }, async (auth) => {
    const answer = await verify(auth, { factor, headers }).catch(refusedSignIn);
    return openedSession(auth, answer.headers);
  });
  if (!result) throw beginAgain();
  return { opened: result, confirm };
}

function verify(auth: Auth, { factor, headers }: { factor: SecondFactor; headers: Headers }) {
  return "code" in factor
    ? auth.api.verifyTOTP({ body: { code: factor.code }, headers, returnHeaders: true })
    : auth.api.verifyBackupCode({ body: { code: factor.recoveryCode }, headers, returnHeaders: true });
}

export const beginAgain = () =>
  new AppError("conflict", "The sign-in took too long or had too many wrong codes. Enter your password again.");

export const alreadyOn = () => new AppError("conflict", "This account has a second factor already.");

const WRONG_CODE = "The code is wrong, or was used before.";

function refusedSignIn(error: unknown): never {
  const code = codeOf(error);
  if (code === "INVALID_CODE" || code === "INVALID_BACKUP_CODE") throw new AppError("unauthenticated", WRONG_CODE);
  if (code !== null) throw beginAgain();
  throw error;
}

function refused(error: unknown): never {
  const code = codeOf(error);
  if (code === "INVALID_PASSWORD") throw fieldError("validation_failed", { field: "password", message: "is wrong" });
  if (code === "INVALID_CODE") throw wrongCode();
  if (code === "TOTP_ALREADY_ENABLED") throw alreadyOn();
  if (code !== null) throw new AppError("conflict", "This account has no second factor yet. Begin the set-up again.");
  throw error;
}

const wrongCode = () =>
  fieldError("validation_failed", { field: "code", message: "is wrong, or was used before; wait for the next code" });

/** Returns the code of an error of better-auth that its callers cause; null for other errors. */
function codeOf(error: unknown): string | null {
  if (!isAPIError(error) || error.statusCode >= 500) return null;
  return (error.body as { code?: string } | undefined)?.code ?? "";
}

/** Whether a code was sent before. Marks the code as used, because better-auth would accept it again. */
async function isUsedCode(deps: AuthDeps, { userId, code }: { userId: string; code: string }): Promise<boolean> {
  return (await deps.identityValues.increment(sha256(`totp-code:${userId}:${code}`), USED_SECONDS)) > 1;
}
