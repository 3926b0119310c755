import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sayError } from "./output.mjs";

/*
 * Only one stack may use a data directory. The lock file lists the holder and its children, with their start times,
 * because process ids are reused. If the holder was killed, the next stack ends the holder's children.
 */
const FILE = "start.lock";

/** A running stack uses the data directory. */
export class LockedError extends Error {
  constructor({ dataDir, pid, address }) {
    super(
      `A stack is already running in ${dataDir}: process ${pid}, ${address}. ` +
        `Stop it (kill ${pid}), or start this one with another DATA_DIR and PORT.`,
    );
    this.name = "LockedError";
    this.pid = pid;
  }
}

/** The start time of a process, in a format of the system; null if the process does not exist or has ended. */
export function startedAt(pid) {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name in brackets may contain spaces and brackets.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? null : fields[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

const isAlive = ({ pid, startedAt: since }) => since !== null && startedAt(pid) === since;

/**
 * Creates and locks a data directory. Throws `LockedError` if a running stack holds the lock. `orphans` are running
 * children of a stack that was killed.
 */
export function acquireLock({ dataDir, address }) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, FILE);
  const content = { pid: process.pid, startedAt: startedAt(process.pid), address, children: [] };
  let orphans = [];
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(content), { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") {
        // A full disk leaves an incomplete file.
        rmSync(path, { force: true });
        throw error;
      }
    }
    const holder = readHolder(path);
    if (holder && isAlive(holder)) throw new LockedError({ dataDir, pid: holder.pid, address: holder.address });
    orphans = (holder?.children ?? []).filter(isAlive);
    // Renamed, because only one of two processes can rename the same stale lock.
    const stale = `${path}.${process.pid}`;
    try {
      renameSync(path, stale);
      rmSync(stale, { force: true });
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  content.children.push(...orphans);
  const save = () => {
    writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return {
    orphans,
    /**
     * Adds a started child to the lock file, so that the next start can end the child. A failure is only reported,
     * because a child also ends by itself after its parent.
     */
    add({ name, pid }) {
      content.children = [...content.children.filter(isAlive), { name, pid, startedAt: startedAt(pid) }];
      try {
        save();
      } catch (error) {
        sayError(`${path} cannot be written: ${error.message}`);
      }
    },
    release() {
      rmSync(path, { force: true });
    },
  };
}

function readHolder(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // The file is incomplete because its writer died, or it has been removed.
    return null;
  }
}
