import { v7 } from "uuid";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { RIGHTS } from "~/server/domain/rights";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { keyedRequest, once } from "~/server/services/idempotency";
import type { Principal } from "~/server/services/principal";
import { type ApiKey, getKey, insertKey, listKeys, removeKey, storedNothing } from "./documents";
import { ENVIRONMENT_KEY_ID, environmentKeyIdOf, rememberRevoked } from "./find-key";
import type { ApiKeyId, CreateApiKeyInput } from "./inputs";
import { type ApiKeyView, newKey, secretsUnder, viewOf } from "./new-api-key";
import { requireHeldRights, requireRight } from "./require-right";
import { sha256 } from "./secrets";

/**
 * Creates an API key. Only this call returns the secret; the stores have its SHA-256. A repeat with the same
 * idempotency key returns the same API key and secret.
 * @throws AppError the errors of `newKey`; the codes of an idempotency key that was reused or is in progress
 */
export async function createApiKey(call: {
  ctx: Ctx;
  input: CreateApiKeyInput;
}): Promise<ApiKeyView & { secret: string }> {
  const { ctx } = call;
  requireRight(ctx, "keys:edit");
  const { idempotencyKey, ...input } = call.input;
  const secretOf = secretsUnder(idempotencyKey);
  const keyed = keyedRequest({ ctx, call: "api_key.create", key: idempotencyKey, request: input });
  const view = await once({ ctx, keyed, didNothing: storedNothing }, async (seed) => {
    const keyId = seed ?? v7();
    // An earlier request with the same idempotency key may have stored the key.
    const known = seed === null ? null : await getKey(ctx.deps, keyId);
    const insert = () => newKey(ctx, input, { keyId, secret: secretOf(keyId) });
    const key = known ?? (await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, insert));
    const created = viewOf(key, null);
    await writeAudit(ctx, { action: "api_key.create", target: `key:${keyId}`, targetName: key.name, after: created });
    return created;
  });
  return { ...view, secret: secretOf(view.keyId) };
}

/** Returns `ADMIN_API_KEY` in the form of a stored key, even if it is revoked; null if it is not set. */
function environmentKey({ env }: Pick<Ctx["deps"], "env">): ApiKey | null {
  if (env.adminApiKey === null) return null;
  const hash = sha256(env.adminApiKey);
  return {
    id: environmentKeyIdOf(hash),
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    name: "ADMIN_API_KEY",
    start: "",
    hash,
    rights: [...RIGHTS],
    scope: null,
    owner: null,
    createdBy: "environment",
    expiresAt: null,
    allowedAddresses: [],
    replacedBy: null,
    fromEnvironment: true,
  };
}

/** Returns all API keys without secrets: `ADMIN_API_KEY` first, unless it was revoked, then others, oldest first. */
export async function listApiKeys({ ctx }: { ctx: Ctx }): Promise<{ items: ApiKeyView[] }> {
  requireRight(ctx, "keys:edit");
  const [stored, uses] = await Promise.all([listKeys(ctx.deps), ctx.deps.apiKeyUses.all()]);
  const fromEnvironment = environmentKey(ctx.deps);
  // The revocation of `ADMIN_API_KEY` is a stored key with the same hash.
  const unrevoked = fromEnvironment && !stored.some(({ hash }) => hash === fromEnvironment.hash);
  return {
    items: [
      ...(unrevoked ? [viewOf(fromEnvironment, uses.get(ENVIRONMENT_KEY_ID) ?? null)] : []),
      ...stored.map((key) => viewOf(key, uses.get(key.id) ?? null)),
    ],
  };
}

/**
 * Revokes an API key. The next request with the key is refused; other processes may accept `ADMIN_API_KEY` for up to a
 * second, and while Redis does not respond. Another value of `ADMIN_API_KEY` is another key.
 * @throws AppError `not_found`; `conflict` if this value of `ADMIN_API_KEY` is revoked already, or another change of
 * accounts takes too long; `forbidden` for `ADMIN_API_KEY` if the caller lacks a right; `clickhouse_unavailable` if a
 * loss of Redis would undo the revocation, or if the revocation of `ADMIN_API_KEY` was not stored
 */
export async function revokeApiKey({ ctx, input }: { ctx: Ctx; input: ApiKeyId }): Promise<ApiKeyId> {
  const principal = requireRight(ctx, "keys:edit");
  const { key, confirm } = await withDocumentLock(ctx.deps, DOCUMENT_KIND.account, async () => {
    const found = await getKey(ctx.deps, input.keyId);
    if (found?.fromEnvironment) {
      throw new AppError("conflict", "This value of ADMIN_API_KEY is revoked already.");
    }
    if (found) return { key: found, confirm: await removeKey(ctx.deps, found, ctx.deps.clock.now()) };
    const fromEnvironment = environmentKey(ctx.deps);
    if (!fromEnvironment || fromEnvironment.id !== input.keyId)
      throw new AppError("not_found", "This API key does not exist.");
    requireHeldRights(principal, RIGHTS);
    await insertKey(ctx.deps, revocationOf(fromEnvironment, principal, ctx.deps.clock.now()));
    rememberRevoked(ctx.deps.env);
    return { key: fromEnvironment, confirm: async () => {} };
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

/** Returns an expired key with the same hash and no rights, which revokes the key of the environment. */
function revocationOf(key: ApiKey, by: Principal, nowMs: number): ApiKey {
  return {
    ...key,
    createdAt: nowMs,
    updatedAt: nowMs,
    rights: [],
    createdBy: by.email ?? by.name,
    expiresAt: nowMs,
  };
}
