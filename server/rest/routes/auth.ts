import { AppError } from "~/server/domain/errors";
import { parseInput } from "~/server/domain/parse";
import { toWire } from "~/server/domain/wire";
import { requestCtx } from "~/server/request-ctx";
import {
  type Browser,
  clientIp,
  DEVICE_COOKIE,
  DEVICE_MS,
  isHttps,
  readOwnCookie,
  requireSameOrigin,
  SESSION_COOKIE,
  SESSION_MS,
  SetupInput,
  type SignedIn,
  SignInInput,
  setOwnCookie,
  setup,
  setupStatus,
  signIn,
  signOut,
} from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { recordRefusal } from "~/server/services/refusals";
import { answering, methods, type RouteHandler } from "../handler";
import { refuseIdempotencyKey } from "../idempotency-key";
import { readBody } from "../request";

/** Bodies contain at most a token, an email address, a password and a name. */
const MAX_AUTH_BYTES = 16 * 1024;

/** The browser that sends a request, without what only the browser itself could claim. */
export function browserOf(headers: Headers): Browser {
  const device = readOwnCookie(headers, DEVICE_COOKIE);
  const overHttps = isHttps(headers);
  return {
    ip: clientIp(headers),
    userAgent: headers.get("user-agent"),
    device: device?.value ?? null,
    isHttps: overHttps,
    replacesDevice: overHttps && device?.isOfHost === false,
  };
}

/** `Set-Cookie` values of a browser that has signed in. */
export function signedInCookies(headers: Headers, { token, device }: Pick<SignedIn, "token" | "device">): string[] {
  return [
    ...setOwnCookie(headers, { name: SESSION_COOKIE, value: token, maxAgeSeconds: SESSION_MS / 1000 }),
    ...setOwnCookie(headers, { name: DEVICE_COOKIE, value: device, maxAgeSeconds: DEVICE_MS / 1000 }),
  ];
}

function json(input: { body: unknown; requestId: string; setCookies?: string[] }): Response {
  const headers = new Headers({
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-request-id": input.requestId,
  });
  for (const one of input.setCookies ?? []) headers.append("set-cookie", one);
  return new Response(JSON.stringify(toWire(input.body)), { headers });
}

/**
 * Creates a handler that opens a session. Refuses requests from other sites even with a valid password, so that no site
 * can sign its visitor in to the site's own account. Puts a refused attempt, such as a wrong password or too many of
 * them, on record with the e-mail address, under the name of the call.
 */
function opening(
  call: string,
  open: (call: { ctx: Ctx; body: unknown; browser: Browser }) => Promise<SignedIn>,
): RouteHandler {
  return (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      requireSameOrigin({ method: request.method, headers, hasSession: false });
      refuseIdempotencyKey(headers);
      const reading = readBody(request, MAX_AUTH_BYTES);
      const body = await (deadline?.uncounted(reading) ?? reading);
      const { ctx } = await requestCtx(headers, deadline);
      const caller = { ...ctx, requestId };
      const opened = await open({ ctx: caller, body, browser: browserOf(headers) }).catch((error: unknown) => {
        if (error instanceof AppError) {
          recordRefusal({ ...caller, principal: null }, { call, changes: true, input: { email: body.email }, error });
        }
        throw error;
      });
      const { id, email, name, role } = opened.principal;
      return json({
        body: { user: { id, email, name, role } },
        requestId,
        setCookies: signedInCookies(headers, opened),
      });
    });
}

/** `POST /api/auth/sign-in` `{email, password}` */
export const signInRoute = methods({
  POST: opening("auth.sign-in", async ({ ctx, body, browser }) =>
    signIn({ ctx, input: parseInput(SignInInput, body), browser }),
  ),
});

/** `POST /api/auth/setup` `{token, email, password, name?}` */
export const setupRoute = methods({
  POST: opening("auth.setup", async ({ ctx, body, browser }) =>
    setup({ ctx, input: parseInput(SetupInput, body), browser }),
  ),
});

/**
 * `POST /api/auth/sign-out`: ends the session and removes the cookie. `url`: the address at which the identity provider
 * signs out too; null for a user without one.
 */
export const signOutRoute = methods({
  POST: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      refuseIdempotencyKey(request.headers);
      const { ctx, session } = await requestCtx(request.headers, deadline);
      if (!session) throw new AppError("unauthenticated", "Not signed in: there is no session to end.");
      requireSameOrigin({ method: request.method, headers: request.headers, hasSession: true });
      const { url } = await signOut({ ctx, session });
      const setCookies = setOwnCookie(request.headers, { name: SESSION_COOKIE, value: "", maxAgeSeconds: 0 });
      return json({ body: { ok: true, url }, requestId, setCookies });
    }),
});

/** `GET /api/setup-status` with the header `x-setup-token`: `{needed}`. */
export const setupStatusRoute = methods({
  GET: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const token = request.headers.get("x-setup-token");
      if (!token) throw new AppError("unauthenticated", "The header x-setup-token is required.");
      const { ctx } = await requestCtx(request.headers, deadline);
      return json({ body: await setupStatus({ ctx, input: { token } }), requestId });
    }),
});
