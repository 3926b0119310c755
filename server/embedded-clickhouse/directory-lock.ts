import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The engine holds its directory alone; a second one on it would damage it. */
export class DirectoryHeldError extends Error {}

/**
 * Takes `path` for this process; answers how to give it back. A lock whose process is gone is taken over, also when its
 * number has gone to another process since.
 */
export function lockDirectory(path: string): () => void {
  mkdirSync(path, { recursive: true });
  const file = join(path, "embedded.pid");
  const mine = `${file}.${process.pid}`;
  // Written first, then linked: nobody ever sees a lock without its owner in it.
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}\n`);
  try {
    while (!link(mine, file)) {
      const held = read(file);
      if (held === null) continue;
      const [pid = 0, start = ""] = held.trim().split(" ");
      if (isAlive(Number(pid), start)) {
        throw new DirectoryHeldError(
          `${path} is held by the ClickHouse engine of process ${pid}. Stop that one first.`,
        );
      }
      takeAway(file, held);
    }
  } finally {
    rmSync(mine, { force: true });
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

/** Removes the lock that says `stale`; one that another process has put there meanwhile goes back. */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) !== stale) link(aside, file);
  rmSync(aside, { force: true });
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

/** When a process began, in clock ticks since the machine did; "" where there is no /proc to ask. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  // The name in the second field may hold spaces and brackets; the start is the 20th field after it.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
