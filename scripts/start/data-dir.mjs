import { mkdirSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const REMEDY = "Choose a folder that this account may write to, such as DATA_DIR=~/stufio-data npm start";
const CAUSES = {
  EEXIST: "it is a file, not a folder",
  ENOTDIR: "part of the path is a file, not a folder",
  EACCES: "this account may not write there",
  EPERM: "this account may not write there",
  EROFS: "the file system is read-only",
  ENOENT: "the file system does not allow new files there",
  ENOSPC: "no space is left on the disk",
  ENAMETOOLONG: "the path is too long",
};

/** Creates the data directory if it is missing. Throws if it cannot be created or written to. */
export function requireDataDir(dataDir) {
  try {
    makeFolder(dataDir);
    rmdirSync(mkdtempSync(join(dataDir, ".write-probe-")));
  } catch (error) {
    throw new Error(`DATA_DIR ${dataDir}: ${CAUSES[error.code] ?? error.message}. ${REMEDY}`, { cause: error });
  }
}

/**
 * Creates a folder with its parents. Node's `recursive` option would loop forever in /proc, where the system answers
 * ENOENT although the parent exists.
 */
function makeFolder(path) {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present?.isDirectory()) return;
  if (present) throw Object.assign(new Error("EEXIST"), { code: "EEXIST" });
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (error.code !== "EEXIST" || !statSync(path).isDirectory()) throw error;
  }
}
