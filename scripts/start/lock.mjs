import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { complain } from "./output.mjs";

/*
 * One stack per data directory: two would both own its Redis and its ClickHouse. The lock file names who holds it and
 * what that one has started. A process id alone is not enough, as the system gives it out again; so its start time
 * is kept beside it. A stack that was killed with -9 leaves its children: the next one ends them before it starts its
 * own.
 */
const FILE = "start.lock";

/** The data directory is in use by a stack that lives. */
export class LockedError extends Error {
  constructor({ dataDir, pid, address }) {
    super(
      `A stack already runs in ${dataDir}: process ${pid}, ${address}. ` +
        `Stop it (kill ${pid}), or give this one a DATA_DIR and a PORT of its own.`,
    );
    this.name = "LockedError";
    this.pid = pid;
  }
}

/** When the process was started, as the system says it; null if there is none. */
export function startedAt(pid) {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name in brackets may hold blanks and brackets itself: count the fields after the last bracket.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? null : fields[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

const lives = ({ pid, startedAt: since }) => since !== null && startedAt(pid) === since;

/**
 * Takes the lock of a data directory, which is made if it is missing. Throws `LockedError` if a live stack holds it.
 * `orphans` are children of a stack that is gone; they still run.
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
        rmSync(path, { force: true });
        throw error;
      }
    }
    const holder = readHolder(path);
    if (holder && lives(holder)) throw new LockedError({ dataDir, pid: holder.pid, address: holder.address });
    orphans = (holder?.children ?? []).filter(lives);
    // Renamed, not removed: of two that find the same stale lock only one wins it.
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
     * Notes a child that has been started, so that the next start need not wait for it. It ends by itself if this
     * fails.
     */
    add({ name, pid }) {
      content.children = [...content.children.filter(lives), { name, pid, startedAt: startedAt(pid) }];
      try {
        save();
      } catch (error) {
        complain(`${path} cannot be written: ${error.message}`);
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
    // Empty or half: its writer died while writing, or it was gone meanwhile.
    return null;
  }
}
