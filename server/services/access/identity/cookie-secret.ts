import { createHmac } from "node:crypto";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import type { Deps } from "~/server/services/ctx";
import { withDocumentLock } from "~/server/services/documents/document-lock";
import { type AccessDeps, getCookieSecret, insertCookieSecret } from "../documents";
import { newSecret } from "../secrets";

type SecretDeps = AccessDeps & Pick<Deps, "clock" | "env">;

const secrets = new WeakMap<SecretDeps["hot"], Promise<string>>();

/**
 * Returns the secret that signs cookies: `AUTH_SECRET` or, without it, a secret that the first process generates and
 * stores with the accounts.
 * @throws AppError `clickhouse_unavailable` if no secret is stored yet and ClickHouse does not confirm a new one;
 * `conflict` if the new secret was not stored, or another change of accounts takes too long
 */
export function cookieSecret(deps: SecretDeps): Promise<string> {
  if (deps.env.authSecret) return Promise.resolve(deps.env.authSecret);
  const known = secrets.get(deps.hot);
  if (known) return known;
  const loading = load(deps).catch((error) => {
    secrets.delete(deps.hot);
    throw error;
  });
  secrets.set(deps.hot, loading);
  return loading;
}

async function load(deps: SecretDeps): Promise<string> {
  const stored = await getCookieSecret(deps);
  if (stored) return stored;
  return withDocumentLock(deps, DOCUMENT_KIND.account, async () => {
    const storedMeanwhile = await getCookieSecret(deps);
    if (storedMeanwhile) return storedMeanwhile;
    await insertCookieSecret(deps, newSecret(), deps.clock.now());
    const secret = await getCookieSecret(deps);
    if (!secret) throw new AppError("conflict", "The secret that signs cookies was not stored. Try again.");
    return secret;
  });
}

/** Returns the value of a signed cookie in the format of better-auth. */
export function signedValue(secret: string, value: string): string {
  const signature = createHmac("sha256", secret).update(value).digest("base64");
  return encodeURIComponent(`${value}.${signature}`);
}
