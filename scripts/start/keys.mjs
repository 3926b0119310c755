import { join } from "node:path";
import { readPrivate, secretIn } from "./private-files.mjs";

/**
 * The first API key of an install: ADMIN_API_KEY, else the one that `--api-key` made once and that `api-key` in the
 * data directory keeps. Removing the file revokes it at the next start.
 */
export function apiKeyOf({ environment, dataDir, isWanted }) {
  if (environment.ADMIN_API_KEY) return { key: environment.ADMIN_API_KEY, file: null };
  const file = join(dataDir, "api-key");
  const key = isWanted ? secretIn(file) : readPrivate(file);
  return key ? { key, file } : null;
}
