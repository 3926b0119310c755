import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/* DATA_DIR contains password hashes and keys, so only the account that runs the stack may read the stack's files. */

const STACK_FILES =
  /^(redis|clickhouse|logs|start\.lock(\..+)?|api-key|(redis|clickhouse)\.(password|port|lock)(\.new)?)$/;
/** The rights of the group and of others. */
const LOOSE_BITS = 0o077;

/**
 * Creates a data directory, and makes it and the stack's files in it private. A directory that also has other files
 * keeps its mode, because it may be a home directory. Throws if a mode cannot be changed.
 */
export function makePrivate(dataDir) {
  // Applies to every file that this process and its children create from now on.
  process.umask(LOOSE_BITS);
  mkdirSync(dataDir, { recursive: true });
  const names = readdirSync(dataDir);
  const stackNames = names.filter((name) => STACK_FILES.test(name));
  try {
    if (stackNames.length === names.length) chmodSync(dataDir, 0o700);
    for (const name of stackNames) if (isLoose(join(dataDir, name))) tighten(join(dataDir, name));
  } catch (error) {
    if (error.code !== "EPERM") throw error;
    throw new Error(
      `DATA_DIR ${dataDir} belongs to another account, so its files cannot be made private. Change its owner (chown), or choose another folder.`,
    );
  }
}

const isLoose = (path) => (statSync(path).mode & LOOSE_BITS) !== 0;

/**
 * Removes all rights of group and others from a file or a folder. Needed for files of an older version, because newer
 * files are created with the umask.
 */
function tighten(path) {
  const { status, stderr } = spawnSync("chmod", ["-R", "go=", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${path} cannot be made private: ${stderr.trim()}`);
}

/** The file's text, trimmed; null if the file does not exist or is empty. */
export function readPrivate(path) {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** Atomically writes a file that only its owner may read. */
export function writePrivate(path, text) {
  const unfinished = `${path}.new`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** The secret in the file, generated if there is none. */
export function readOrCreateSecret(path) {
  const present = readPrivate(path);
  if (present) return present;
  const secret = randomBytes(32).toString("base64url");
  writePrivate(path, `${secret}\n`);
  return secret;
}
