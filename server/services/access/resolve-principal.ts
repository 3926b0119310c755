import { AppError } from "~/server/domain/errors";
import type { Session } from "~/server/domain/session";
import { isRawRedisOutage } from "~/server/services/as-app-error";
import type { Ctx, Deps } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { unreachableError } from "~/server/services/reach";
import { scopedDeps } from "~/server/services/scoped/scoped-deps";
import type { Identity } from "~/server/services/verified-sessions";
import { withTimeout } from "~/server/timing/request-timeout";
import { readOwnCookie } from "./cookies";
import { callerOfKey } from "./find-key";
import { SESSION_COOKIE } from "./identity/auth";
import type { AuthDeps } from "./identity/auth-call";
import { readIdentity, tokenOf } from "./identity/identities";
import { checkAtProvider } from "./identity/provider-check";
import { createKeyGuessLimit, type KeyGuessLimit } from "./key-guess-limit";
import { clientIp, requestIdOf } from "./request-headers";
import { sha256 } from "./secrets";

type PrincipalDeps = AuthDeps & Pick<Deps, "reach">;

interface Resolved {
  principal: Principal | null;
  /** A user who must set up a second factor before anything else, instead of `principal`. */
  enrolling?: Principal;
  /** Null without a valid session, and for a caller with an API key. */
  session: Session | null;
}

/**
 * Identifies the caller by `Authorization: Bearer` (an API key) or, without that header, by the session cookie. Reads
 * the user each time, so that a new role or a disabled account takes effect immediately.
 */
async function resolvePrincipal(input: { deps: PrincipalDeps; headers: Headers }): Promise<Resolved> {
  const { deps, headers } = input;
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return { principal: bearer ? await principalOfKey(deps, { bearer, headers }) : null, session: null };
  }
  const sent = readOwnCookie(headers, SESSION_COOKIE);
  const caller = sent ? await checkedIdentity(deps, sent.value) : null;
  // Another host of the domain can set the plain cookie to a session of its choice.
  const isForeign = caller?.session.isOfHost && !sent?.hasHostPrefix;
  if (!caller || isForeign) return { principal: null, session: null };
  const mustEnrol = deps.env.requireSecondFactor && caller.principal.lacksSecondFactor;
  return mustEnrol ? { principal: null, enrolling: caller.principal, session: caller.session } : caller;
}

/** Returns the caller of a session cookie, after asking the identity provider of the user, if there is one. */
async function checkedIdentity(deps: PrincipalDeps, cookie: string): Promise<Identity | null> {
  const identity = await identityOfSession(deps, cookie);
  if (!identity || identity.principal.unverified) return identity;
  const mayHaveChanged = await checkAtProvider(deps, identity.principal.id);
  return mayHaveChanged ? identityOfSession(deps, cookie) : identity;
}

/** Timeout of reading a session from Redis, ms. */
const READ_MS = 2500;
/** Timeout of the read if there is a recent check to fall back on, or if Redis did not respond to the last ping, ms. */
const SHORT_READ_MS = 1000;
/** A read that takes longer starts a ping, so that other requests soon know of the outage, ms. */
const PING_AFTER_MS = 250;

/**
 * Returns the caller of a session cookie. While Redis does not respond, uses this process's last check, if it is
 * recent.
 * @throws AppError `redis_unavailable` without a recent check
 */
async function identityOfSession(deps: PrincipalDeps, cookie: string): Promise<Identity | null> {
  const tokenHash = sha256(tokenOf(cookie));
  const readAt = performance.now();
  const isUnreachable = deps.reach.unreachable().includes("redis");
  const known = deps.verifiedSessions.recall(tokenHash, { monotonicMs: readAt, epochMs: deps.clock.now() });
  if (known && isUnreachable) {
    // Ping Redis again, so that callers are verified as soon as Redis responds.
    void deps.reach.check();
    return unverified(known);
  }
  const pingTimer = setTimeout(() => void deps.reach.check(), PING_AFTER_MS);
  try {
    const timeoutMs = known || isUnreachable ? SHORT_READ_MS : READ_MS;
    const error = () => unreachableError(["redis"]);
    const identity = await withTimeout(readIdentity(deps, cookie), { timeoutMs, error });
    if (identity) deps.verifiedSessions.recordCheck(tokenHash, identity, readAt);
    else deps.verifiedSessions.end(tokenHash, performance.now());
    return identity;
  } catch (error) {
    if (!isRedisOutage(error)) throw error;
    if (!known) throw unreachableError(["redis"]);
    return unverified(known);
  } finally {
    clearTimeout(pingTimer);
  }
}

const unverified = ({ principal, session }: Identity): Identity => ({
  principal: { ...principal, unverified: true },
  session,
});

const isRedisOutage = (error: unknown) =>
  isRawRedisOutage(error) || (error instanceof AppError && error.code === "redis_unavailable");

const guessLimits = new WeakMap<PrincipalDeps["env"], KeyGuessLimit>();

/**
 * Returns null if the API key is unknown or no longer valid.
 * @throws AppError `rate_limited` if this address has sent too many unknown keys; `forbidden` if the key is not allowed
 * from this address
 */
async function principalOfKey(
  deps: PrincipalDeps,
  call: { bearer: string; headers: Headers },
): Promise<Principal | null> {
  const limit = guessLimits.get(deps.env) ?? createKeyGuessLimit();
  guessLimits.set(deps.env, limit);
  const guess = { ip: clientIp(call.headers), keyHash: sha256(call.bearer) };
  await limit.requireBelowLimit(guess);
  const principal = await callerOfKey(deps, { secret: call.bearer, keyHash: guess.keyHash, address: guess.ip });
  if (principal) limit.recordValid(guess);
  else await limit.recordUnknown(guess);
  return principal;
}

/** Opens the context of one request. The stores of a caller with a scope apply the scope. */
export async function openCtx(input: { deps: Deps; headers: Headers }): Promise<{ ctx: Ctx; session: Session | null }> {
  const { principal, enrolling = null, session } = await resolvePrincipal(input);
  const facts = { requestId: requestIdOf(input.headers), address: clientIp(input.headers) };
  const deps = principal?.scope === undefined ? input.deps : scopedDeps(input.deps, principal.scope);
  return { ctx: { deps, principal, enrolling, ...facts }, session };
}
