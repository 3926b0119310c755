import { v7 } from "uuid";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError, fieldError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { keyedRequest, once } from "~/server/services/idempotency";
import { type ApiKey, getKey, insertKey, listKeys, removeKey, storedNothing } from "./documents";
import type { ApiKeyId, CreateApiKeyInput } from "./inputs";
import { requireOwnRights, requireRight } from "./require-right";
import { derivedSecret, newSecret, sha256 } from "./secrets";

/** Lets secret scanners recognise a leaked key. */
const KEY_PREFIX = "sfs_";

export interface ApiKeyView {
  keyId: string;
  name: string;
  start: string;
  rights: ApiKey["rights"];
  createdBy: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

function viewOf(key: ApiKey, lastUsedAt: number | null): ApiKeyView {
  return {
    keyId: key.id,
    name: key.name,
    start: key.start,
    rights: key.rights,
    createdBy: key.createdBy,
    createdAt: new Date(key.createdAt).toISOString(),
    expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  };
}

/**
 * Creates an API key. Returns `secret` only here; the stores have its SHA-256. Under an idempotency key it creates one,
 * and derives the secret, so that a repeat returns the same secret although none is stored. Right: `keys:edit`.
 * @throws AppError `validation_failed` for an expiry in the past; `clickhouse_unavailable`: nothing was stored; the
 * codes of an invalid idempotency key
 */
export async function createApiKey(call: {
  ctx: Ctx;
  input: CreateApiKeyInput;
}): Promise<ApiKeyView & { secret: string }> {
  const { ctx } = call;
  requireRight(ctx, "keys:edit");
  const { idempotencyKey, ...input } = call.input;
  const random = newSecret();
  const secretOf = (keyId: string) =>
    `${KEY_PREFIX}${idempotencyKey === undefined ? random : derivedSecret(idempotencyKey, `api key ${keyId}`)}`;
  const keyed = keyedRequest({ ctx, call: "api_key.create", key: idempotencyKey, request: input });
  const view = await once({ ctx, keyed, didNothing: storedNothing }, async (seed) => {
    const keyId = seed ?? v7();
    // An earlier request with the same idempotency key may have stored the key and died.
    const known = seed === null ? null : await getKey(ctx.deps, keyId);
    const key = known ?? (await newKey(ctx, input, { keyId, secret: secretOf(keyId) }));
    const created = viewOf(key, null);
    await writeAudit(ctx, { action: "api_key.create", target: `key:${keyId}`, targetName: key.name, after: created });
    return created;
  });
  return { ...view, secret: secretOf(view.keyId) };
}

async function newKey(
  ctx: Ctx,
  input: Omit<CreateApiKeyInput, "idempotencyKey">,
  { keyId, secret }: { keyId: string; secret: string },
): Promise<ApiKey> {
  const principal = requireRight(ctx, "keys:edit");
  requireOwnRights(principal, input.rights);
  const now = ctx.deps.clock.now();
  if (input.expiresAt !== undefined && input.expiresAt <= now) {
    throw fieldError("validation_failed", { field: "expires_at", message: "must be in the future" });
  }
  const key: ApiKey = {
    id: keyId,
    version: 1,
    createdAt: now,
    updatedAt: now,
    name: input.name,
    start: secret.slice(0, 10),
    hash: sha256(secret),
    rights: input.rights,
    createdBy: principal.email ?? principal.name,
    expiresAt: input.expiresAt ?? null,
  };
  await insertKey(ctx.deps, key);
  return key;
}

/**
 * All API keys, oldest first, without secrets. `environmentKey`: whether `ADMIN_API_KEY` is set. Right: `keys:edit`.
 */
export async function listApiKeys({ ctx }: { ctx: Ctx }): Promise<{ items: ApiKeyView[]; environmentKey: boolean }> {
  requireRight(ctx, "keys:edit");
  const [keys, uses] = await Promise.all([listKeys(ctx.deps), ctx.deps.apiKeyUses.all()]);
  return {
    items: keys.map((key) => viewOf(key, uses.get(key.id) ?? null)),
    environmentKey: ctx.deps.env.adminApiKey !== null,
  };
}

/**
 * Revokes an API key. The next request with it is refused. Right: `keys:edit`.
 * @throws AppError `not_found`; `clickhouse_unavailable` if the key is revoked in Redis only, so that a loss of Redis
 * would undo the revocation
 */
export async function revokeApiKey({ ctx, input }: { ctx: Ctx; input: ApiKeyId }): Promise<ApiKeyId> {
  requireRight(ctx, "keys:edit");
  const { key, confirm } = await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, async () => {
    const found = await getKey(ctx.deps, input.keyId);
    if (!found) throw new AppError("not_found", "This API key does not exist.");
    return { key: found, confirm: await removeKey(ctx.deps, found, ctx.deps.clock.now()) };
  });
  await writeAudit(ctx, {
    action: "api_key.revoke",
    target: `key:${key.id}`,
    targetName: key.name,
    before: viewOf(key, null),
  });
  await confirm();
  return { keyId: key.id };
}
