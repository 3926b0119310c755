import { join } from "node:path";
import { readOrCreateSecret, readPrivate } from "./private-files.mjs";

/**
 * The first API key of an installation: ADMIN_API_KEY, or the key that `--api-key` stored in the file `api-key` of the
 * data directory, or null. Removing the file revokes the key at the next start.
 */
export function apiKeyOf({ environment, dataDir, createIfMissing }) {
  if (environment.ADMIN_API_KEY) return { key: environment.ADMIN_API_KEY, file: null };
  const file = join(dataDir, "api-key");
  const key = createIfMissing ? readOrCreateSecret(file) : readPrivate(file);
  return key ? { key, file } : null;
}
