import { AppError } from "~/server/domain/errors";
import { parseInput } from "~/server/domain/parse";
import { toWire } from "~/server/domain/wire";
import { requestCtx } from "~/server/request-ctx";
import {
  type Browser,
  CodeInput,
  clientIp,
  confirmSecondFactor,
  DEVICE_COOKIE,
  DEVICE_MS,
  finishSignIn,
  isHttps,
  LinkToken,
  type NeedsSecondFactor,
  ownOrigin,
  PasskeySignInInput,
  readLink,
  readOwnCookie,
  requireSameOrigin,
  requireUser,
  SECOND_FACTOR_COOKIE,
  SESSION_COOKIE,
  SESSION_MS,
  SecondFactorInput,
  SetupInput,
  type SignedIn,
  SignInInput,
  setOwnCookie,
  setup,
  setupStatus,
  signIn,
  signInByPasskey,
  signOut,
  startPasskeySignIn,
  UseLinkInput,
  useLink,
} from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { recordRefusal } from "~/server/services/refusals";
import { answering, methods, type RouteHandler } from "../handler";
import { refuseIdempotencyKey } from "../idempotency-key";
import { readBody } from "../request";

/** Enough for a token, an e-mail address, a password and a name, and for the answer of a passkey. */
const MAX_AUTH_BYTES = 16 * 1024;

/** The facts about the browser that a sign-in needs, from the headers of its request. */
export function browserOf(headers: Headers): Browser {
  const device = readOwnCookie(headers, DEVICE_COOKIE);
  const overHttps = isHttps(headers);
  return {
    ip: clientIp(headers),
    userAgent: headers.get("user-agent"),
    device: device?.value ?? null,
    isHttps: overHttps,
    replacesDevice: overHttps && device?.hasHostPrefix === false,
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

interface OpeningCall {
  ctx: Ctx;
  body: unknown;
  browser: Browser;
  headers: Headers;
  /** Puts the user into the record of a refusal, once the user is known. */
  about: (userId: string) => void;
}

/**
 * Creates a handler that opens a session, or asks for the second factor. Refuses requests from other sites even with a
 * valid password, so that no site can sign its visitor in to the site's own account. Puts a refused attempt, such as a
 * wrong password or too many of them, on record with the user or the e-mail address, under the name of the call.
 */
function opening(call: string, open: (call: OpeningCall) => Promise<SignedIn | NeedsSecondFactor>): RouteHandler {
  return (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      requireSameOrigin({ method: request.method, headers, hasSession: false });
      refuseIdempotencyKey(headers);
      const reading = readBody(request, MAX_AUTH_BYTES);
      const body = await (deadline?.uncounted(reading) ?? reading);
      const { ctx } = await requestCtx(headers, deadline);
      const caller = { ...ctx, requestId };
      let target: string | undefined;
      const about = (userId: string) => {
        target = `user:${userId}`;
      };
      const attempt = open({ ctx: caller, body, browser: browserOf(headers), headers, about });
      const opened = await attempt.catch((error: unknown) => {
        if (error instanceof AppError) {
          const refused = { call, changes: true, input: { email: body.email }, error, target };
          recordRefusal({ ...caller, principal: null }, refused);
        }
        throw error;
      });
      if ("challenge" in opened) {
        return json({ body: { secondFactor: true }, requestId, setCookies: setOwnCookie(headers, opened.challenge) });
      }
      return signedInAnswer({ headers, requestId, opened, mustEnrol: mustEnrol(ctx, opened) });
    });
}

/** Whether the user must set up a second factor before any other call. */
const mustEnrol = ({ deps }: Ctx, { principal }: SignedIn) =>
  deps.env.requireSecondFactor && principal.lacksSecondFactor === true;

/** Sets the cookies of a session, and removes the cookie of a second factor that was asked for. */
function signedInAnswer(input: {
  headers: Headers;
  requestId: string;
  opened: SignedIn;
  mustEnrol: boolean;
}): Response {
  const { headers, requestId, opened } = input;
  const { id, email, name, role } = opened.principal;
  const removed = { name: SECOND_FACTOR_COOKIE, value: "", maxAgeSeconds: 0 };
  const sent = readOwnCookie(headers, SECOND_FACTOR_COOKIE) !== null;
  const setCookies = [...signedInCookies(headers, opened), ...(sent ? setOwnCookie(headers, removed) : [])];
  const user = { id, email, name, role };
  return json({ body: { user, ...(input.mustEnrol ? { mustEnrol: true } : {}) }, requestId, setCookies });
}

/** `POST /api/auth/sign-in` `{email, password}`: opens a session, or answers `{second_factor: true}`. */
export const signInRoute = methods({
  POST: opening("auth.sign-in", async ({ ctx, body, browser }) =>
    signIn({ ctx, input: parseInput(SignInInput, body), browser }),
  ),
});

/** `POST /api/auth/password-link` `{token}`: what a link is for. The token is in a body, so that no log has it. */
export const passwordLinkRoute = methods({
  POST: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      requireSameOrigin({ method: request.method, headers, hasSession: false });
      refuseIdempotencyKey(headers);
      const reading = readBody(request, MAX_AUTH_BYTES);
      const input = parseInput(LinkToken, await (deadline?.uncounted(reading) ?? reading));
      const { ctx } = await requestCtx(headers, deadline);
      return json({ body: await readLink({ ctx, input }), requestId });
    }),
});

/** `POST /api/auth/password-link/use` `{token, password}`: sets the password, then answers like a sign-in. */
export const usePasswordLinkRoute = methods({
  POST: opening("auth.use-link", ({ ctx, body, browser }) =>
    useLink({ ctx, input: parseInput(UseLinkInput, body), browser }),
  ),
});

/** `POST /api/auth/passkey/options`: begins a sign-in by a passkey. */
export const passkeyOptionsRoute = methods({
  POST: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      requireSameOrigin({ method: request.method, headers, hasSession: false });
      refuseIdempotencyKey(headers);
      const { ctx } = await requestCtx(headers, deadline);
      return json({ body: await startPasskeySignIn({ ctx, origin: ownOrigin(ctx.deps.env, headers) }), requestId });
    }),
});

/** `POST /api/auth/passkey` `{ceremony, response}`: opens a session. */
export const passkeyRoute = methods({
  POST: opening("auth.passkey", async ({ ctx, body, browser, headers }) => {
    const input = parseInput(PasskeySignInInput, body);
    return signInByPasskey({ ctx, input, browser, origin: ownOrigin(ctx.deps.env, headers) });
  }),
});

/** `POST /api/auth/second-factor` `{code}` or `{recovery_code}`: completes a sign-in. */
export const secondFactorRoute = methods({
  POST: opening("auth.second-factor", async ({ ctx, body, browser, headers, about }) => {
    const challenge = readOwnCookie(headers, SECOND_FACTOR_COOKIE)?.value ?? null;
    return finishSignIn({ ctx, input: parseInput(SecondFactorInput, body), challenge, browser, about });
  }),
});

/** `POST /api/auth/second-factor/confirm` `{code}`: turns the caller's second factor on, and renews the session. */
export const confirmSecondFactorRoute = methods({
  POST: (request) =>
    answering(request, async ({ requestId, deadline }) => {
      const { headers } = request;
      refuseIdempotencyKey(headers);
      const { ctx, session } = await requestCtx(headers, deadline);
      requireUser(ctx);
      requireSameOrigin({ method: request.method, headers, hasSession: true });
      const reading = readBody(request, MAX_AUTH_BYTES);
      const body = await (deadline?.uncounted(reading) ?? reading);
      const caller = { ...ctx, requestId };
      const opened = await confirmSecondFactor({
        ...{ ctx: caller, input: parseInput(CodeInput, body), session, browser: browserOf(headers) },
      }).catch((error: unknown) => {
        if (error instanceof AppError) {
          const call = { call: "auth.confirm-second-factor", changes: true, error };
          recordRefusal({ ...caller, principal: ctx.principal ?? ctx.enrolling ?? null }, call);
        }
        throw error;
      });
      return signedInAnswer({ headers, requestId, opened, mustEnrol: false });
    }),
});

/** `POST /api/auth/setup` `{token, email, password, name?}` */
export const setupRoute = methods({
  POST: opening("auth.setup", async ({ ctx, body, browser }) =>
    setup({ ctx, input: parseInput(SetupInput, body), browser }),
  ),
});

/**
 * `POST /api/auth/sign-out`: ends the session and removes the cookie. `url`: the address at which the identity provider
 * signs out too; null if there is none.
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
