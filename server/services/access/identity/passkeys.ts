import { isAPIError } from "better-auth/api";
import { z } from "zod";
import { AppError, fieldError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import type { Confirm } from "~/server/services/documents/store-documents";
import type { User } from "../documents";
import { PASSKEY_COOKIE, withPasskeyAuth } from "./auth";
import type { AuthDeps, OpeningBrowser } from "./auth-call";
import { type OpenedSession, readIdentity, sessionCookieIn } from "./identities";
import { cookiesIn } from "./new-cookies";
import { rowsOf } from "./rows";
import { headersOf } from "./session-headers";

/*
 * Passkeys are the plugin `passkey` of better-auth. The plugin identifies a ceremony by a cookie. Here the value of the
 * cookie is in the body, because a procedure cannot set cookies.
 */

const MODEL = "passkey";

/** What the browser needs for a ceremony. */
export interface Ceremony {
  /** JSON for `navigator.credentials`. */
  options: string;
  /** Identifies the ceremony. */
  ceremony: string;
}

/** A stored passkey. */
const Row = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  createdAt: z.string().nullish(),
  aaguid: z.string().nullish(),
  backedUp: z.boolean(),
});
export type Passkey = z.infer<typeof Row>;

/** The passkeys of a user, oldest first. */
export const passkeysOf = (user: User): Passkey[] => rowsOf(user, MODEL).map((row) => Row.parse(row));

/** Begins to add a passkey for the user of a session. Throws `unauthenticated` if the session has ended. */
export async function createRegistration(
  deps: AuthDeps,
  input: { origin: string; session: Session },
): Promise<Ceremony> {
  const headers = await headersOf(deps, input.session);
  const { result } = await withPasskeyAuth({ deps, origin: input.origin }, (auth) =>
    auth.api.generatePasskeyRegistrationOptions({ headers, returnHeaders: true }),
  );
  return { options: JSON.stringify(result.response), ceremony: ceremonyIn(result.headers) };
}

/**
 * Adds a passkey that the browser has created.
 * @throws AppError `validation_failed` if the answer does not belong to the ceremony or is not a JSON object, or the
 * user was not verified; `conflict` for too many passkeys; `unauthenticated` if the session has ended
 */
export async function addPasskey(
  deps: AuthDeps,
  input: { origin: string; session: Session; ceremony: string; response: string; name: string },
): Promise<{ id: string; confirm: Confirm }> {
  const { origin, session, name } = input;
  const headers = withCeremony(await headersOf(deps, session), input.ceremony);
  const response = parsed(input.response);
  const { result, confirm } = await withPasskeyAuth({ deps, origin }, (auth) =>
    auth.api.verifyPasskeyRegistration({ body: { response, name }, headers }).catch(refused),
  );
  return { id: result.id, confirm };
}

/** Begins a sign-in by a passkey. */
export async function createAuthentication(deps: AuthDeps, { origin }: { origin: string }): Promise<Ceremony> {
  const { result } = await withPasskeyAuth({ deps, origin }, (auth) =>
    auth.api.generatePasskeyAuthenticationOptions({ headers: new Headers(), returnHeaders: true }),
  );
  const options = { ...result.response, userVerification: "required" };
  return { options: JSON.stringify(options), ceremony: ceremonyIn(result.headers) };
}

/**
 * Opens a session for the user of a passkey.
 * @throws AppError `unauthenticated` for an unknown passkey, a wrong or old answer, or a user who is disabled or whom
 * the identity provider has refused; `validation_failed` if `response` is not a JSON object
 */
export async function signInByPasskey(
  deps: AuthDeps,
  input: { origin: string; ceremony: string; response: string; browser: OpeningBrowser },
): Promise<OpenedSession> {
  const { origin, browser } = input;
  const headers = withCeremony(new Headers(), input.ceremony);
  const response = parsed(input.response);
  const { result } = await withPasskeyAuth({ deps, origin, browser }, async (auth) => {
    const answer = await auth.api
      // The plugin checks the fields of the answer.
      .verifyPasskeyAuthentication({ body: { response: response as never }, headers, returnHeaders: true })
      .catch((error) => {
        if (isAPIError(error)) throw unknownPasskey();
        throw error;
      });
    return sessionCookieIn(answer.headers);
  });
  const identity = result === null ? null : await readIdentity(deps, result);
  if (result === null || !identity) throw unknownPasskey();
  return { ...identity, token: result };
}

const unknownPasskey = () =>
  new AppError(
    "unauthenticated",
    "This passkey could not sign you in. It may have been removed, or the sign-in took too long.",
  );

function refused(error: unknown): never {
  if (!isAPIError(error)) throw error;
  throw fieldError("validation_failed", {
    field: "response",
    message: "is not a passkey that this server asked for, came too late, or was made without verifying the user",
  });
}

function parsed(json: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  } catch {
    throw fieldError("validation_failed", { field: "response", message: "must be a JSON object" });
  }
}

/** The decoded value of the plugin's cookie. */
function ceremonyIn(headers: Headers): string {
  const cookie = cookiesIn(headers).find(({ name }) => name === PASSKEY_COOKIE);
  if (!cookie) throw new Error("better-auth began no ceremony.");
  return decodeURIComponent(cookie.value);
}

function withCeremony(headers: Headers, ceremony: string): Headers {
  const cookies = [headers.get("cookie"), `${PASSKEY_COOKIE}=${encodeURIComponent(ceremony)}`];
  return new Headers({ cookie: cookies.filter(Boolean).join("; ") });
}
