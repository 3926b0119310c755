import { v5 } from "uuid";
import { isInRanges, parseRanges } from "~/server/addresses";
import { AppError } from "~/server/domain/errors";
import { RIGHTS } from "~/server/domain/rights";
import type { Deps } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { unreachableError } from "~/server/services/reach";
import { withTimeout } from "~/server/timing/request-timeout";
import { isOwnerEnabled, prefixesOf } from "./directory/look-up";
import { type AccessDeps, type ApiKey, findKeyByHash } from "./documents";
import { sameSecret } from "./secrets";

type KeyDeps = AccessDeps & Pick<Deps, "env" | "clock" | "reach">;

interface PresentedKey {
  secret: string;
  /** SHA-256 of the secret. */
  keyHash: string;
  /** The caller's address, or null if it is unknown. */
  address: string | null;
}

/**
 * Returns null if the key is unknown, has expired or was revoked, or if its owner is disabled, deleted or refused by
 * the identity provider. Reads a stored key each time, so that its revocation takes effect with the next request.
 * @throws AppError `forbidden` if the key is not allowed from this address
 */
export async function callerOfKey(deps: KeyDeps, sent: PresentedKey): Promise<Principal | null> {
  const { adminApiKey } = deps.env;
  if (adminApiKey && sameSecret(sent.secret, adminApiKey)) return callerOfEnvironmentKey(deps, sent.keyHash);
  const key = await findKeyByHash(deps, sent.keyHash);
  const now = deps.clock.now();
  if (!key || isExpired(key, now)) return null;
  if (key.owner !== null && !(await isOwnerEnabled(deps, key.owner))) return null;
  requireAllowed(key, sent.address);
  await deps.apiKeyUses.setLastUsed(key.id, now);
  return {
    ...{ id: `key:${key.id}`, email: null, name: key.name, role: "service", via: "api_key", rights: key.rights },
    ...(key.scope ? { scope: await prefixesOf(deps, key.scope) } : {}),
    ...(key.owner === null ? {} : { owner: key.owner }),
  };
}

export function isExpired(key: Pick<ApiKey, "expiresAt">, nowMs: number): boolean {
  return key.expiresAt !== null && key.expiresAt <= nowMs;
}

function requireAllowed({ allowedAddresses }: ApiKey, address: string | null): void {
  if (allowedAddresses.length === 0) return;
  if (isInRanges(address ?? undefined, parseRanges(allowedAddresses.join(",")))) return;
  throw new AppError("forbidden", `This API key is not allowed from the address ${address ?? "of this connection"}.`);
}

/** The id of `ADMIN_API_KEY` as a caller, and for the time of its last use. */
export const ENVIRONMENT_KEY_ID = "environment";

/** The UUID v5 namespace of `environmentKeyIdOf`, chosen at random. */
const ENVIRONMENT_NAMESPACE = "0c5d3f0e-8a39-4d0a-9c1c-5a9a2f6e7b41";

/** The id of `ADMIN_API_KEY` in lists. Each value of the variable has its own id. */
export function environmentKeyIdOf(keyHash: string): string {
  return v5(keyHash, ENVIRONMENT_NAMESPACE);
}

interface Check {
  revoked: boolean;
  /** Monotonic ms. */
  atMs: number;
}

/** The last check whether `ADMIN_API_KEY` was revoked. Keyed by the `env` object, so that tests do not share it. */
const lastChecks = new WeakMap<KeyDeps["env"], Check>();
/**
 * A check is valid this long, so that few calls wait for Redis and, while Redis responds, a revocation takes effect
 * within a second.
 */
const CHECKED_FOR_MS = 500;
/** Timeout of the check, so that `ADMIN_API_KEY` works while Redis hangs. */
const CHECK_MS = 1000;

/**
 * `ADMIN_API_KEY` works while the stores are unavailable, because operators need it for the repair. Until the stores
 * respond, the last check of this process decides whether it was revoked; without a check, the key works.
 */
async function callerOfEnvironmentKey(deps: KeyDeps, keyHash: string): Promise<Principal | null> {
  if (await wasRevoked(deps, keyHash)) return null;
  return {
    id: `key:${ENVIRONMENT_KEY_ID}`,
    email: null,
    name: "ADMIN_API_KEY",
    role: "service",
    via: "api_key",
    rights: RIGHTS,
  };
}

async function wasRevoked(deps: KeyDeps, keyHash: string): Promise<boolean> {
  const last = lastChecks.get(deps.env);
  if (deps.reach.unreachable().includes("redis")) return last?.revoked ?? false;
  if (last && performance.now() - last.atMs < CHECKED_FOR_MS) return last.revoked;
  // The key itself is never stored, so a document with its hash means that it was revoked.
  const isRevoked = async () => (await findKeyByHash(deps, keyHash)) !== null;
  try {
    const revoked = await withTimeout(isRevoked(), { timeoutMs: CHECK_MS, error: () => unreachableError(["redis"]) });
    lastChecks.set(deps.env, { revoked, atMs: performance.now() });
    if (!revoked) await deps.apiKeyUses.setLastUsed(ENVIRONMENT_KEY_ID, deps.clock.now());
    return revoked;
  } catch (error) {
    deps.log.warn(
      { err: error },
      "could not check whether ADMIN_API_KEY was revoked, using the result of the last check",
    );
    return last?.revoked ?? false;
  }
}

/** Makes this process refuse `ADMIN_API_KEY` at once, even while the stores are unavailable. */
export function rememberRevoked(env: KeyDeps["env"]): void {
  lastChecks.set(env, { revoked: true, atMs: performance.now() });
}
