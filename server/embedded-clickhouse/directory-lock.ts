import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Another process has the directory open. A second engine would damage the data. */
export class DirectoryHeldError extends Error {}

/**
 * Locks `path` for this process and returns a function that unlocks it. Takes over the lock of a dead process, with
 * `/proc` even if the pid was reused.
 */
export function lockDirectory(path: string): () => void {
  mkdirSync(path, { recursive: true });
  const file = join(path, "embedded.pid");
  const ownFile = `${file}.${process.pid}`;
  // Written before it is linked, so that a lock always contains its owner.
  writeFileSync(ownFile, `${process.pid} ${startOf(process.pid)}\n`);
  try {
    while (!link(ownFile, file)) {
      const held = read(file);
      // The lock was removed since.
      if (held === null) continue;
      const [pid = 0, start = ""] = held.trim().split(" ");
      if (isAlive(Number(pid), start)) {
        throw new DirectoryHeldError(
          `The data directory ${path} is in use by the ClickHouse engine of process ${pid}. Stop that process first.`,
        );
      }
      removeStale(file, held);
    }
  } finally {
    rmSync(ownFile, { force: true });
  }
  return () => rmSync(file, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** Removes the lock if its content is `stale`. Restores a lock that another process created meanwhile. */
function removeStale(file: string, stale: string): void {
  const staleFile = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, staleFile);
  } catch {
    return;
  }
  if (read(staleFile) !== stale) link(staleFile, file);
  rmSync(staleFile, { force: true });
}

function isAlive(pid: number, start: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return start === "" || startOf(pid) === start;
}

/** The start time of a process, in clock ticks since boot; "" without /proc. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  // The second field, a name in brackets, may contain spaces and brackets. The start time is the 20th field after it.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
