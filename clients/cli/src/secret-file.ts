import { open, rm } from "node:fs/promises";
import { usageError } from "./exit.js";

/**
 * Creates a file that only its owner can read, and writes into it the secret that `create` returns. The file is created
 * first, so that no secret is created if that fails.
 */
export async function intoSecretFile<T extends { secret: string }>(path: string, create: () => Promise<T>): Promise<T> {
  // "wx": an existing file may have other permissions, or be a link.
  const file = await open(path, "wx", 0o600).catch((error: Error) => {
    throw usageError(`--secret-file: ${path} could not be created: ${error.message}`);
  });
  try {
    const created = await create();
    await file.writeFile(`${created.secret}\n`);
    return created;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
