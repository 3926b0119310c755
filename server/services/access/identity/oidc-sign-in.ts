import { isAPIError } from "better-auth/api";
import { AppError } from "~/server/domain/errors";
import { SESSION_COOKIE, STATE_COOKIE, withOidcAuth } from "./auth";
import { type AuthDeps, currentCall, type OpeningBrowser } from "./auth-call";
import { type OpenedSession, readIdentity, sessionCookieIn } from "./identities";
import { cookiesIn, type NewCookie } from "./new-cookies";
import { PROVIDER_ID, requireProvider } from "./provider-profile";

/** Why a sign-in by the provider is refused, for the sign-in page. */
export type OidcRefusal = "no_role" | "unverified" | "not_linked" | "failed";

export type OidcResult =
  | { kind: "opened"; opened: OpenedSession; location: string; isNew: boolean; setCookies: NewCookie[] }
  | { kind: "refused"; reason: OidcRefusal; setCookies: NewCookie[] };

/** Begins a sign-in. Returns the provider's address, and a cookie that binds the sign-in to this browser. */
export async function startOidc(
  deps: AuthDeps,
  input: { nextPath: string },
): Promise<{ url: string; setCookies: NewCookie[] }> {
  if (deps.env.oidc) {
    await requireProvider(deps.env.oidc).catch((error) => {
      throw unavailable(error);
    });
  }
  const starting = withOidcAuth({ deps }, async (auth, { publicUrl }) => {
    const body = {
      provider: PROVIDER_ID,
      callbackURL: publicUrl + input.nextPath,
      errorCallbackURL: `${publicUrl}/login`,
      disableRedirect: true,
    };
    return auth.api.signInSocial({ body, returnHeaders: true });
  });
  const { result } = await starting.catch((error) => {
    if (!isAPIError(error)) throw error;
    throw unavailable(error);
  });
  const { url } = result.response;
  if (!url) throw unavailable(null);
  return { url, setCookies: cookiesIn(result.headers) };
}

const unavailable = (cause: unknown) =>
  new AppError("internal", "The identity provider (OIDC_ISSUER) does not answer, or its metadata is not valid.", {
    cause,
  });

/**
 * Completes a sign-in after the provider has redirected the browser with `query`. Creates the account of a new user.
 * `state` is the value of the cookie that `startOidc` set.
 */
export async function finishOidc(
  deps: AuthDeps,
  input: { query: Record<string, string>; state: string | null; browser: OpeningBrowser },
): Promise<OidcResult> {
  const { query, state, browser } = input;
  const { result, confirm } = await withOidcAuth({ deps, browser }, async (auth) => {
    const headers = new Headers(state === null ? {} : { cookie: `${STATE_COOKIE}=${state}` });
    const response = await auth.api.callbackOAuth({
      ...{ params: { id: PROVIDER_ID }, query, headers },
      ...{ method: "GET" as const, asResponse: true as const },
    });
    const location = response.headers.get("location") ?? "";
    return {
      location,
      cookies: cookiesIn(response.headers),
      token: sessionCookieIn(response.headers),
      reason: refusalOf(location),
      isNew: currentCall().createdUser,
    };
  });
  const { location, cookies, token, reason, isNew } = result;
  const setCookies = cookies.filter(({ name }) => name !== SESSION_COOKIE);
  const identity = token === null ? null : await readIdentity(deps, token);
  if (token === null || !identity) return { kind: "refused", reason, setCookies };
  await confirm();
  return { kind: "opened", opened: { ...identity, token }, location, isNew, setCookies };
}

function refusalOf(location: string): OidcRefusal {
  const { refusal } = currentCall();
  if (refusal) return refusal;
  const error = URL.canParse(location) ? new URL(location).searchParams.get("error") : null;
  return error === "account_not_linked" ? "not_linked" : "failed";
}
