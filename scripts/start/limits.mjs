import { execFileSync } from "node:child_process";

/** Redis, the ClickHouse engine with its parts, the web app's connections: each of them alone needs a few hundred. */
const MINIMUM_OPEN_FILES = 1024;

/**
 * How many files a child of ours may have open. Node has raised its own soft limit to the hard one, which children
 * inherit.
 */
function openFiles() {
  const text = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
}

/** Throws with the limit and the need where the shell allows too few open files. */
export function requireOpenFiles(allowed = openFiles()) {
  if (allowed >= MINIMUM_OPEN_FILES) return;
  throw new Error(
    `Only ${allowed} open files are allowed here (ulimit -n), and the stack needs ${MINIMUM_OPEN_FILES} or more. Raise the limit in this shell: ulimit -n 4096`,
  );
}
