import { v7 } from "uuid";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { writeAudit } from "~/server/services/audit";
import type { Ctx } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import type { Confirm } from "~/server/services/documents/store-documents";
import { keyedRequest, once } from "~/server/services/idempotency";
import { type ApiKey, getKey, nextVersion, storedNothing, writeKey } from "./documents";
import { isExpired } from "./find-key";
import type { RotateApiKeyInput } from "./inputs";
import { type ApiKeyView, newKey, secretsUnder, viewOf } from "./new-api-key";
import { requireRight } from "./require-right";

/**
 * Replaces an API key by a new key with the same name, rights, scope, owner and addresses, and returns the new secret.
 * The former secret stays valid for at most `overlapSeconds`, so that programs can change over without a gap.
 * @throws AppError `not_found`; `conflict` if the key has expired or was replaced already; the errors of `newKey`;
 * the codes of an idempotency key that was reused or is in progress; `clickhouse_unavailable`, after which a repeat
 * with the same idempotency key returns the new key
 */
export async function rotateApiKey(call: {
  ctx: Ctx;
  input: RotateApiKeyInput;
}): Promise<ApiKeyView & { secret: string }> {
  const { ctx } = call;
  requireRight(ctx, "keys:edit");
  const { idempotencyKey, ...input } = call.input;
  const secretOf = secretsUnder(idempotencyKey);
  const keyed = keyedRequest({ ctx, call: `api_key.rotate:${input.keyId}`, key: idempotencyKey, request: input });
  let confirm: Confirm | undefined;
  const view = await once({ ctx, keyed, didNothing: storedNothing }, (seed) =>
    withDocumentLock(ctx.deps, DOCUMENT_KIND.account, async () => {
      const keyId = seed ?? v7();
      const former = await findRotatable(ctx, input.keyId, keyId);
      const known = seed === null ? null : await getKey(ctx.deps, keyId);
      const key = known ?? (await newKey(ctx, successorOf(ctx, former, input), { keyId, secret: secretOf(keyId) }));
      const replaced = replacedKey(former, { by: keyId, input, nowMs: ctx.deps.clock.now() });
      if (former.replacedBy === null) confirm = await writeKey(ctx.deps, replaced);
      const [before, after] = [viewOf(former, null), viewOf(replaced, null)];
      await writeAudit(ctx, {
        action: "api_key.rotate",
        target: `key:${former.id}`,
        targetName: former.name,
        targets: [`key:${keyId}`],
        before: { replacedBy: before.replacedBy, expiresAt: before.expiresAt },
        after: { replacedBy: after.replacedBy, expiresAt: after.expiresAt },
      });
      return viewOf(key, null);
    }),
  );
  await confirm?.();
  return { ...view, secret: secretOf(view.keyId) };
}

/** @param successorId the id of the new key, which an earlier request with the same idempotency key may have stored */
async function findRotatable(ctx: Ctx, keyId: string, successorId: string): Promise<ApiKey> {
  const key = await getKey(ctx.deps, keyId);
  if (!key) throw new AppError("not_found", "This API key does not exist.");
  if (key.replacedBy !== null && key.replacedBy !== successorId) {
    throw new AppError("conflict", "This API key was replaced already. Rotate its successor.");
  }
  // A key that an earlier request of this rotation has replaced may have expired.
  if (key.replacedBy === null && isExpired(key, ctx.deps.clock.now())) {
    throw new AppError("conflict", "This API key has expired, so no program can use it. Create a new one.");
  }
  return key;
}

function successorOf(ctx: Ctx, former: ApiKey, { expiresAt }: Pick<RotateApiKeyInput, "expiresAt">) {
  const lifetimeMs = former.expiresAt === null ? null : former.expiresAt - former.createdAt;
  return {
    name: former.name,
    rights: [...former.rights],
    scope: former.scope,
    owner: former.owner,
    allowedAddresses: former.allowedAddresses,
    expiresAt: expiresAt ?? (lifetimeMs === null ? undefined : ctx.deps.clock.now() + lifetimeMs),
  };
}

function replacedKey(
  former: ApiKey,
  { by, input, nowMs }: { by: string; input: Pick<RotateApiKeyInput, "overlapSeconds">; nowMs: number },
): ApiKey {
  const endsAt = nowMs + input.overlapSeconds * 1000;
  return {
    ...former,
    version: nextVersion(former, nowMs),
    updatedAt: nowMs,
    replacedBy: by,
    expiresAt: Math.min(former.expiresAt ?? endsAt, endsAt),
  };
}
