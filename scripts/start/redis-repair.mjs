import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/*
 * What a power loss leaves in the append-only file: a cut last command, which Redis mends itself, or zeros and rubbish,
 * at which it refuses to start. ClickHouse has what was recorded, so the damaged end is cut off and the rest is rebuilt
 * from there.
 */
const DIRECTORY = "appendonlydir";
const MANIFEST = join(DIRECTORY, "appendonly.aof.manifest");

/**
 * Checks the append-only files in `dir`, and mends them: the end that cannot be read is cut off, or everything is put
 * aside. A copy of them as they were stays in `dir`. `forget` are keys that a mended file deletes at its end. Answers
 * what was done, as a sentence, or null where nothing is wrong. Throws if there is no room for the copy.
 */
export function repairAppendOnly({ binary, dir, forget }) {
  if (!existsSync(join(dir, DIRECTORY)) || check({ binary, dir }).isGood) return null;
  const before = bytesOf(join(dir, DIRECTORY));
  const copy = join(dir, `damaged-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  try {
    cpSync(join(dir, DIRECTORY), copy, { recursive: true });
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    throw new Error(`the append-only file is damaged, and it cannot be copied before its repair: ${error.message}`);
  }
  check({ binary, dir, fix: true });
  if (check({ binary, dir }).isGood) {
    const cut = before - bytesOf(join(dir, DIRECTORY));
    appendFileSync(
      join(dir, DIRECTORY, filesOf(dir).at(-1)),
      ["SELECT 0", ...forget.map((key) => `DEL ${key}`)].map(command).join(""),
    );
    return `The append-only file was damaged: its last ${cut} of ${before} bytes were cut off. ${loss(copy)}`;
  }
  rmSync(join(dir, DIRECTORY), { recursive: true, force: true });
  return `The append-only file was damaged from its beginning, and was put aside. ${loss(copy)}`;
}

const loss = (copy) =>
  `Redis is rebuilt from ClickHouse; lost is what was acknowledged and not recorded there yet, usually the last second. A copy is in ${copy}`;

/** Any Redis server checks files when it is called by the checker's name. */
function check({ binary, dir, fix = false }) {
  if (!namesFiles(dir)) return { isGood: false };
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

/** A command without blanks in its words, as the file holds it. */
function command(words) {
  const parts = words.split(" ");
  return `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`;
}

/** The files that the manifest names, in order; undefined for a line that is none. */
function filesOf(dir) {
  const path = join(dir, MANIFEST);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  return lines.map((line) => /^file (\S+) seq \d+ type [bhi]/.exec(line)?.[1]);
}

/** The checker takes an empty manifest for a good one; the server does not start with it. */
function namesFiles(dir) {
  const names = filesOf(dir);
  return names.length > 0 && names.every((name) => name !== undefined && existsSync(join(dir, DIRECTORY, name)));
}

function bytesOf(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
