import { fieldError } from "~/server/domain/errors";
import type { Ctx } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";
import { requireNamespaces } from "./directory/namespaces";
import { ownedByService, requireServiceAccount } from "./directory/service-accounts";
import { type ApiKey, insertKey } from "./documents";
import type { CreateApiKeyInput } from "./inputs";
import { requireHeldRights, requireRight } from "./require-right";
import { derivedSecret, newSecret, sha256 } from "./secrets";

/** Lets secret scanners recognise a leaked key. */
const KEY_PREFIX = "stufio_live_";
/** How many characters of a secret are stored and shown. */
const SHOWN_CHARACTERS = KEY_PREFIX.length + 4;

export interface ApiKeyView {
  keyId: string;
  name: string;
  /** The first characters of the secret. */
  start: string;
  rights: ApiKey["rights"];
  /** Restricts the rights to some topics; null: all. */
  scope: ApiKey["scope"];
  /** `user:<id>` or `service:<name>`: the key stops with its owner; null for none. */
  owner: string | null;
  createdBy: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  /** Addresses and CIDR ranges that may use the key. All may use it if the list is empty. */
  allowedAddresses: string[];
  /** The id of the key with which a rotation replaced this key. */
  replacedBy: string | null;
  /** Whether this is `ADMIN_API_KEY`. After its revocation it stays in the list, with `expiresAt`. */
  fromEnvironment: boolean;
}

export function viewOf(key: ApiKey, lastUsedAt: number | null): ApiKeyView {
  return {
    keyId: key.id,
    name: key.name,
    start: key.start,
    rights: key.rights,
    scope: key.scope,
    owner: key.owner,
    createdBy: key.createdBy,
    createdAt: new Date(key.createdAt).toISOString(),
    expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
    allowedAddresses: key.allowedAddresses,
    replacedBy: key.replacedBy,
    fromEnvironment: key.fromEnvironment,
  };
}

/**
 * Returns a function that returns the secret of an API key, derived from the idempotency key and the id. Without an
 * idempotency key, the secret is random.
 */
export function secretsUnder(idempotencyKey: string | undefined): (keyId: string) => string {
  const random = newSecret();
  return (keyId) =>
    `${KEY_PREFIX}${idempotencyKey === undefined ? random : derivedSecret(idempotencyKey, `api key ${keyId}`)}`;
}

/**
 * Stores a new API key. Call this inside `withDocumentLock`, so that its namespaces and service account exist.
 * @throws AppError `forbidden` for rights that the caller lacks; `validation_failed` for an expiry in the past, and for
 * an unknown namespace or service account; `clickhouse_unavailable` if nothing was stored
 */
export async function newKey(
  ctx: Ctx,
  input: Omit<CreateApiKeyInput, "idempotencyKey"> & { owner?: string | null },
  { keyId, secret }: { keyId: string; secret: string },
): Promise<ApiKey> {
  const principal = requireRight(ctx, "keys:edit");
  requireHeldRights(principal, input.rights);
  if (input.serviceAccount !== undefined) await requireServiceAccount(ctx, input.serviceAccount);
  await requireNamespaces(ctx, input.scope ?? null);
  const now = ctx.deps.clock.now();
  requireFuture(input.expiresAt, now);
  const key: ApiKey = {
    id: keyId,
    version: 1,
    createdAt: now,
    updatedAt: now,
    name: input.name,
    start: secret.slice(0, SHOWN_CHARACTERS),
    hash: sha256(secret),
    rights: input.rights,
    scope: input.scope ?? null,
    owner: ownerOf(principal, input),
    createdBy: principal.email ?? principal.name,
    expiresAt: input.expiresAt ?? null,
    allowedAddresses: input.allowedAddresses ?? [],
    replacedBy: null,
    fromEnvironment: false,
  };
  await insertKey(ctx.deps, key);
  return key;
}

function ownerOf(principal: Principal, input: { serviceAccount?: string; owner?: string | null }): string | null {
  // A rotated key keeps its owner.
  if (input.owner !== undefined) return input.owner;
  if (input.serviceAccount !== undefined) return ownedByService(input.serviceAccount);
  return principal.via === "session" ? `user:${principal.id}` : (principal.owner ?? null);
}

function requireFuture(expiresAt: number | undefined, nowMs: number): void {
  if (expiresAt === undefined || expiresAt > nowMs) return;
  throw fieldError("validation_failed", { field: "expires_at", message: "must be in the future" });
}
