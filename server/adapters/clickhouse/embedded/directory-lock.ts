import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The engine holds its directory alone; a second one on it would damage it. */
export class DirectoryHeldError extends Error {}

/** Takes `path` for this process; answers how to give it back. A lock whose process is gone is taken over. */
export function lockDirectory(path: string): () => void {
  mkdirSync(path, { recursive: true });
  const file = join(path, "embedded.pid");
  for (;;) {
    try {
      const descriptor = openSync(file, "wx");
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const pid = Number(readFileSync(file, "utf8"));
    if (pid !== process.pid && isAlive(pid)) {
      throw new DirectoryHeldError(`${path} is held by the ClickHouse engine of process ${pid}. Stop that one first.`);
    }
    rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
