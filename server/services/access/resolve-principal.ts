import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { isRedisAway } from "~/server/services/as-app-error";
import type { Ctx, Deps, Principal } from "~/server/services/ctx";
import { awayError } from "~/server/services/reach";
import type { Identity } from "~/server/services/verified-sessions";
import { withTimeout } from "~/server/timing/request-timeout";
import { type AccessDeps, findKeyByHash, getUser, type User } from "./documents";
import { createKeyGuesses, type KeyGuesses } from "./key-guesses";
import { clientIp, readCookie, requestIdOf } from "./request-facts";
import { sameSecret, sha256 } from "./secrets";
import { readSession, SESSION_COOKIE } from "./sessions";

type PrincipalDeps = AccessDeps & Pick<Deps, "sessions" | "facts" | "clock" | "reach" | "verifiedSessions">;

interface Resolved {
  principal: Principal | null;
  /** Set for a caller with a cookie. */
  session: Session | null;
}

export function principalOf(user: User): Principal {
  return { id: user.id, email: user.email, name: user.name, role: user.role, via: "session" };
}

/**
 * Who calls: by `Authorization: Bearer` (an API key), else by the session cookie. A Bearer that is not known is nobody;
 * the cookie does not stand in for it. The user is read anew each time, so that a new role or a block holds at once.
 */
async function resolvePrincipal(input: { deps: PrincipalDeps; headers: Headers }): Promise<Resolved> {
  const { deps, headers } = input;
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return { principal: bearer ? await checkedKey(deps, { bearer, headers }) : null, session: null };
  }
  const token = readCookie(headers, SESSION_COOKIE);
  const caller = token ? await bySession(deps, token) : null;
  return caller ?? { principal: null, session: null };
}

/** How long Redis may take to say whose session it is, ms. */
const READ_MS = 2500;
/** The same where an earlier check can stand in, or where Redis did not respond a moment ago, ms. */
const SHORT_READ_MS = 1000;
/** A read that takes longer has Redis pinged, so that a Redis that hangs is known once the read is given up, ms. */
const SLOW_MS = 250;

/**
 * Whose session it is. While Redis does not respond, an earlier check of this process stands in (`VERIFIED_MS`).
 * @throws AppError `redis_unavailable` where there is none
 */
async function bySession(deps: PrincipalDeps, token: string): Promise<Identity | null> {
  const tokenHash = sha256(token);
  const readAt = performance.now();
  const isAway = deps.reach.away().includes("redis");
  const known = deps.verifiedSessions.recall(tokenHash, { monotonicMs: readAt, epochMs: deps.clock.now() });
  if (known && isAway) {
    // The next caller is verified again where Redis is back.
    void deps.reach.look();
    return unverified(known);
  }
  const slow = setTimeout(() => void deps.reach.look(), SLOW_MS);
  try {
    const timeoutMs = known || isAway ? SHORT_READ_MS : READ_MS;
    const error = () => awayError(["redis"]);
    const identity = await withTimeout(readIdentity(deps, token), { timeoutMs, error });
    if (identity) deps.verifiedSessions.note(tokenHash, identity, readAt);
    else deps.verifiedSessions.end(tokenHash, performance.now());
    return identity;
  } catch (error) {
    if (!isRedisUnavailable(error)) throw error;
    if (!known) throw awayError(["redis"]);
    return unverified(known);
  } finally {
    clearTimeout(slow);
  }
}

const unverified = ({ principal, session }: Identity): Identity => ({
  principal: { ...principal, unverified: true },
  session,
});

async function readIdentity(deps: PrincipalDeps, token: string): Promise<Identity | null> {
  const session = await readSession(deps, token);
  const user = session ? await getUser(deps, session.userId) : null;
  return session && user && !user.disabled ? { principal: principalOf(user), session } : null;
}

const isRedisUnavailable = (error: unknown) =>
  isRedisAway(error) || (error instanceof AppError && error.code === "redis_unavailable");

const guessesOf = new WeakMap<PrincipalDeps["facts"], KeyGuesses>();

/** @throws AppError `rate_limited` where this address has tried too many that are not known */
async function checkedKey(deps: PrincipalDeps, call: { bearer: string; headers: Headers }): Promise<Principal | null> {
  const guesses = guessesOf.get(deps.facts) ?? createKeyGuesses();
  guessesOf.set(deps.facts, guesses);
  const guess = { ip: clientIp(call.headers), keyHash: sha256(call.bearer) };
  await guesses.require(guess);
  const principal = await byApiKey(deps, call.bearer);
  if (principal) guesses.right(guess);
  else await guesses.wrong(guess);
  return principal;
}

async function byApiKey(deps: PrincipalDeps, secret: string): Promise<Principal | null> {
  const { adminApiKey } = deps.facts;
  if (adminApiKey && sameSecret(secret, adminApiKey)) {
    return {
      id: "key:environment",
      email: null,
      name: "ADMIN_API_KEY",
      role: "service",
      via: "api_key",
      scopes: ["admin"],
    };
  }
  const key = await findKeyByHash(deps, sha256(secret));
  const now = deps.clock.now();
  if (!key || (key.expiresAt !== null && key.expiresAt <= now)) return null;
  await deps.apiKeyUses.note(key.id, now);
  return { id: `key:${key.id}`, email: null, name: key.name, role: "service", via: "api_key", scopes: key.rights };
}

/** The context of one call, with its caller and request id. */
export async function openCtx(input: { deps: Deps; headers: Headers }): Promise<{ ctx: Ctx; session: Session | null }> {
  const { principal, session } = await resolvePrincipal(input);
  return { ctx: { deps: input.deps, principal, requestId: requestIdOf(input.headers) }, session };
}
