import { execFileSync } from "node:child_process";

/** Redis, the ClickHouse engine and the web app each need a few hundred. */
const MINIMUM_OPEN_FILES = 1024;

/** The open-file limit of child processes. Node raises its soft limit to the hard limit, which children inherit. */
function openFiles() {
  const text = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
}

/** Throws an error with the limit and the required number if the shell allows too few open files. */
export function requireOpenFiles(allowed = openFiles()) {
  if (allowed >= MINIMUM_OPEN_FILES) return;
  throw new Error(
    `Only ${allowed} open files are allowed (ulimit -n), and the stack needs ${MINIMUM_OPEN_FILES} or more. Raise the limit in this shell (ulimit -n 4096), or the hard limit as root first.`,
  );
}
