import type { Ctx, Deps, Principal } from "~/server/services/ctx";
import { type AccessDeps, findKeyByHash, getUser, type User } from "./documents";
import { createKeyGuesses, type KeyGuesses } from "./key-guesses";
import { clientIp, readCookie, requestIdOf } from "./request-facts";
import { sameSecret, sha256 } from "./secrets";
import { readSession, SESSION_COOKIE, type Session } from "./sessions";

type PrincipalDeps = AccessDeps & Pick<Deps, "sessions" | "facts" | "clock">;

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
  const session = token ? await readSession(deps, token) : null;
  const user = session ? await getUser(deps, session.userId) : null;
  if (!user || user.disabled) return { principal: null, session: null };
  return { principal: principalOf(user), session };
}

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
