import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/*
 * A power loss can damage the end of the append-only file. Redis repairs an incomplete last command itself, but does
 * not start if the file ends with zeros or garbage.
 */
const DIRECTORY = "appendonlydir";
const MANIFEST = join(DIRECTORY, "appendonly.aof.manifest");

/**
 * Checks the append-only files in `dir`. Removes an unreadable end, or all files if that does not help, and keeps a
 * copy. Appends commands that delete `keysToDelete` to a repaired file. Returns a message about the repair, or null if
 * the files are intact. Throws if the files cannot be copied or the checker cannot run.
 */
export function repairAppendOnly({ binary, dir, keysToDelete }) {
  if (!existsSync(join(dir, DIRECTORY)) || check({ binary, dir }).isGood) return null;
  const before = bytesOf(join(dir, DIRECTORY));
  const copy = join(dir, `damaged-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  try {
    cpSync(join(dir, DIRECTORY), copy, { recursive: true });
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    throw new Error(`the append-only file is damaged, and it cannot be copied for the repair: ${error.message}`);
  }
  check({ binary, dir, fix: true });
  if (check({ binary, dir }).isGood) {
    const cut = before - bytesOf(join(dir, DIRECTORY));
    appendFileSync(
      join(dir, DIRECTORY, filesOf(dir).at(-1)),
      ["SELECT 0", ...keysToDelete.map((key) => `DEL ${key}`)].map(command).join(""),
    );
    return `The append-only file was damaged: its last ${cut} of ${before} bytes were removed. ${lossNotice(copy)}`;
  }
  rmSync(join(dir, DIRECTORY), { recursive: true, force: true });
  return `The append-only file was damaged beyond repair and was moved aside. ${lossNotice(copy)}`;
}

const lossNotice = (copy) =>
  `Redis is rebuilt from ClickHouse. Changes that were not recorded there yet may be lost, usually those of the last second. A copy is in ${copy}`;

/** Runs the Redis server's program under its other name, under which it checks the files. */
function check({ binary, dir, fix = false }) {
  if (!hasListedFiles(dir)) return { isGood: false };
  const name = basename(binary).startsWith("valkey") ? "valkey-check-aof" : "redis-check-aof";
  const args = [...(fix ? ["--fix"] : []), MANIFEST];
  const { status, error } = spawnSync(binary, args, {
    argv0: name,
    cwd: dir,
    input: "y\n",
    stdio: ["pipe", "ignore", "ignore"],
  });
  if (error) throw error;
  return { isGood: status === 0 };
}

/** A command in the format of the append-only file. */
function command(words) {
  const parts = words.split(" ");
  return `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`;
}

/** The files in the manifest, in order. An invalid line gives undefined. */
function filesOf(dir) {
  const path = join(dir, MANIFEST);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  return lines.map((line) => /^file (\S+) seq \d+ type [bhi]/.exec(line)?.[1]);
}

/**
 * Whether the manifest lists files and all of them exist. The checker accepts an empty manifest, but the server does
 * not.
 */
function hasListedFiles(dir) {
  const names = filesOf(dir);
  return names.length > 0 && names.every((name) => name !== undefined && existsSync(join(dir, DIRECTORY, name)));
}

function bytesOf(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
