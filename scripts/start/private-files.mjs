import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/* The data hold password hashes and keys: only the account that runs the stack may read them. */

/** What the stack keeps in a data directory. */
const OURS = /^(redis|clickhouse|logs|start\.lock(\..+)?|api-key|(redis|clickhouse)\.(password|port|lock)(\.new)?)$/;
const LOOSE_BITS = 0o077;

/**
 * Makes a data directory if it is missing, and takes every right of group and others from it and from what the stack
 * keeps in it. A directory that holds other things too keeps its own mode, as it may be a home directory or /tmp.
 * Throws if it belongs to somebody else.
 */
export function makePrivate(dataDir) {
  // For everything that this process and its children make from now on.
  process.umask(LOOSE_BITS);
  mkdirSync(dataDir, { recursive: true });
  const names = readdirSync(dataDir);
  const ours = names.filter((name) => OURS.test(name));
  try {
    if (ours.length === names.length) chmodSync(dataDir, 0o700);
    for (const name of ours) if (isLoose(join(dataDir, name))) tighten(join(dataDir, name));
  } catch (error) {
    if (error.code !== "EPERM") throw error;
    throw new Error(
      `DATA_DIR ${dataDir} belongs to another account, and its files cannot be made private. Give it to this one (chown), or choose another.`,
    );
  }
}

const isLoose = (path) => (statSync(path).mode & LOOSE_BITS) !== 0;

/**
 * A closed directory keeps everybody out of what it holds, so the walk is needed once only: for what an older version
 * left.
 */
function tighten(path) {
  const { status, stderr } = spawnSync("chmod", ["-R", "go=", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${path} cannot be made private: ${stderr.trim()}`);
}

/** The file's text; null if there is none. */
export function readPrivate(path) {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a file that only its owner may read, whole or not at all. */
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

/** The secret that the file holds, made at the first call. */
export function secretIn(path) {
  const present = readPrivate(path);
  if (present) return present;
  const secret = randomBytes(32).toString("base64url");
  writePrivate(path, `${secret}\n`);
  return secret;
}
