import { safeNextPath } from "~/server/domain/next-path";
import { requestCtx } from "~/server/request-ctx";
import {
  finishProviderSignIn,
  type NewCookie,
  type OidcRefusal,
  readOwnCookie,
  STATE_COOKIE,
  setOwnCookie,
  startProviderSignIn,
} from "~/server/services/access";
import { asAppError } from "~/server/services/as-app-error";
import type { Ctx } from "~/server/services/ctx";
import { answering, methods } from "../handler";
import { browserOf, signedInCookies } from "./auth";

/** `GET /api/auth/oidc?next=`: sends the browser to the identity provider. */
export const oidcStartRoute = methods({
  GET: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      const { ctx } = await requestCtx(withoutCaller(headers), deadline);
      const nextPath = safeNextPath(new URL(request.url).searchParams.get("next"));
      const starting = startProviderSignIn({ ctx: { ...ctx, requestId }, nextPath });
      const result = await starting.catch((error) => unavailable(error, { ctx, requestId }));
      if ("refusal" in result) return refusedTo(headers, result);
      return redirectTo({ headers, location: result.url, setCookies: result.setCookies });
    }),
});

/** `GET /api/auth/callback/oidc`: the identity provider sends the browser back. */
export const oidcCallbackRoute = methods({
  GET: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      const { ctx: opened } = await requestCtx(withoutCaller(headers), deadline);
      const ctx = { ...opened, requestId };
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const state = readOwnCookie(headers, STATE_COOKIE)?.value ?? null;
      const finishing = finishProviderSignIn({ ctx, query, state, browser: browserOf(headers) });
      const result = await finishing.catch((error) => unavailable(error, { ctx, requestId }));
      if ("refusal" in result) return refusedTo(headers, result);
      const { signedIn, location, setCookies } = result;
      return redirectTo({ headers, location, setCookies, more: signedInCookies(headers, signedIn) });
    }),
});

interface Refused {
  refusal: OidcRefusal | "unavailable";
  setCookies: readonly NewCookie[];
}

/** Turns a fault of the server into a refusal, so that the browser shows the sign-in page, not a problem document. */
function unavailable(thrown: unknown, { ctx, requestId }: { ctx: Ctx; requestId: string }): Refused {
  const error = asAppError(thrown, { log: ctx.deps.log, requestId });
  if (error.status < 500) throw error;
  return { refusal: "unavailable", setCookies: [] };
}

const refusedTo = (headers: Headers, { refusal, setCookies }: Refused) =>
  redirectTo({ headers, location: `/login?why=sso-${refusal}`, setCookies });

/** Removes credentials: the request signs in, so an old session or key does not matter. */
function withoutCaller(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete("cookie");
  copy.delete("authorization");
  return copy;
}

function redirectTo(input: {
  headers: Headers;
  location: string;
  setCookies: readonly NewCookie[];
  more?: readonly string[];
}): Response {
  const headers = new Headers({ location: input.location, "cache-control": "no-store" });
  const set = input.setCookies.flatMap((cookie) => setOwnCookie(input.headers, cookie));
  for (const one of [...set, ...(input.more ?? [])]) headers.append("set-cookie", one);
  return new Response(null, { status: 303, headers });
}
