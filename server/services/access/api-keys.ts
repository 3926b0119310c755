import { v7 } from "uuid";
import { AppError, fieldError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { asOnlyWriter } from "~/server/services/documents/one-writer";
import { type ApiKey, getKey, insertKey, listKeys, removeKey } from "./documents";
import type { ApiKeyId, CreateApiKeyInput } from "./inputs";
import { requireRight } from "./require-right";
import { newSecret, sha256 } from "./secrets";

/** So that a leaked key is recognised by scanners. */
const KEY_START = "sfs_";

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
 * Makes an API key. `secret` is shown this once; what is stored is its SHA-256.
 * @throws AppError `validation_failed` for an end in the past; `clickhouse_unavailable`: nothing was kept.
 */
export async function createApiKey(call: {
  ctx: Ctx;
  input: CreateApiKeyInput;
}): Promise<ApiKeyView & { secret: string }> {
  const { ctx, input } = call;
  const principal = requireRight(ctx, "admin");
  const now = ctx.deps.clock.now();
  if (input.expiresAt !== undefined && input.expiresAt <= now) {
    throw fieldError("validation_failed", { field: "expires_at", message: "lies in the past" });
  }
  const secret = `${KEY_START}${newSecret()}`;
  const key: ApiKey = {
    id: v7(),
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
  const view = viewOf(key, null);
  await writeAudit(ctx, { action: "api_key.create", target: `key:${key.id}`, after: view });
  return { ...view, secret };
}

/**
 * All API keys, oldest first, without their secrets; `environmentKey` says whether ADMIN_API_KEY is a key besides
 * these. Right: admin.
 */
export async function listApiKeys({ ctx }: { ctx: Ctx }): Promise<{ items: ApiKeyView[]; environmentKey: boolean }> {
  requireRight(ctx, "admin");
  const [keys, uses] = await Promise.all([listKeys(ctx.deps), ctx.deps.apiKeyUses.all()]);
  return {
    items: keys.map((key) => viewOf(key, uses.get(key.id) ?? null)),
    environmentKey: ctx.deps.facts.adminApiKey !== null,
  };
}

/**
 * Revokes an API key; it is refused from the next request on.
 * @throws AppError `not_found`; `clickhouse_unavailable` when it is revoked, but a Redis that is lost now would forget
 * that.
 */
export async function revokeApiKey({ ctx, input }: { ctx: Ctx; input: ApiKeyId }): Promise<ApiKeyId> {
  requireRight(ctx, "admin");
  const { key, confirm } = await asOnlyWriter(ctx.deps, "u", async () => {
    const found = await getKey(ctx.deps, input.keyId);
    if (!found) throw new AppError("not_found", "There is no such API key.");
    return { key: found, confirm: await removeKey(ctx.deps, found, ctx.deps.clock.now()) };
  });
  await writeAudit(ctx, { action: "api_key.revoke", target: `key:${key.id}`, before: viewOf(key, null) });
  await confirm();
  return { keyId: key.id };
}
