import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { createInterface } from "node:readline";

/*
 * The console output of `npm start`: its own lines, and the lines of each child that is not quiet, after the child's
 * name. The lines of every child go to DATA_DIR/logs/<name>.log, which is rotated to <name>.log.1 at 20 MB.
 */
const MAX_LOG_BYTES = 20 * 1024 * 1024;
const COLOURS = { web: 36, worker: 35, redis: 31, clickhouse: 33 };
const LEVELS = { 10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL" };
/** Fields of a pino line that are formatted separately or not shown. */
const KNOWN_FIELDS = new Set(["level", "time", "msg", "pid", "hostname", "name", "err", "error"]);
const useColour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

// A closed output pipe (`npm start | head`) must not stop the stack.
process.stdout.on("error", () => undefined);

const paint = (code, text) => (useColour ? `\u001b[${code}m${text}\u001b[0m` : text);

export function say(text) {
  process.stdout.write(`${text}\n`);
}

export function sayError(text) {
  say(paint(31, text));
}

/**
 * An absolute path as the console shows it: relative to the folder in which the user ran the command, unless it is
 * outside of that folder. npm runs scripts in the folder of package.json; INIT_CWD is the user's folder.
 */
export function displayPath(path, from = process.env.INIT_CWD ?? process.cwd()) {
  const shown = relative(from, path);
  const isOutside = shown === ".." || shown.startsWith(`..${sep}`) || isAbsolute(shown);
  return isOutside ? path : shown || ".";
}

/**
 * Control characters except tabs, and line ends. In text from callers, they could rewrite the terminal or forge lines.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Replaces control characters by JSON escapes, so that a line of JSON stays valid. */
function escaped(text) {
  return text.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Formats one line of a child: a pino line as time, level, text and fields; other lines are only escaped. */
export function formatLine(line) {
  if (!line.startsWith("{")) return escaped(line);
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return escaped(line);
  }
  const level = LEVELS[entry.level];
  if (!level) return escaped(line);
  const time = new Date(entry.time).toTimeString().slice(0, 8);
  const fields = Object.entries(entry)
    .filter(([key]) => !KNOWN_FIELDS.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const fault = entry.err ?? entry.error;
  const stack = entry.level >= 50 && fault?.stack;
  const error = !fault
    ? ""
    : stack
      ? `\n${stack.split("\n").map(escaped).join("\n")}`
      : escaped(`: ${fault.message ?? fault}`);
  const shownLevel = entry.level >= 50 ? paint(31, level) : entry.level >= 40 ? paint(33, level) : level;
  return `${time} ${shownLevel} ${escaped([entry.msg ?? "", ...fields].join(" "))}${error}`;
}

/** Writes the stream's lines to `<dir>/<name>.log` and, unless `isQuiet`, to the screen. `onLine` gets each line. */
export function follow({ stream, name, dir, isQuiet, onLine }) {
  const file = logFile({ name, dir });
  const prefix = paint(COLOURS[name] ?? 37, name.padEnd(10));
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    file.write(`${escaped(line)}\n`);
    onLine(line);
    if (isQuiet) return;
    for (const part of formatLine(line).split("\n")) say(`${prefix} ${part}`);
  });
}

const files = new Map();

function logFile({ name, dir }) {
  const path = join(dir, `${name}.log`);
  const known = files.get(path);
  if (known) return known;
  mkdirSync(dir, { recursive: true });
  let bytes = existsSync(path) ? statSync(path).size : 0;
  let stream = createWriteStream(path, { flags: "a" });
  // A full disk must not stop the stack.
  stream.on("error", () => undefined);
  const file = {
    write(text) {
      bytes += Buffer.byteLength(text);
      if (bytes > MAX_LOG_BYTES) {
        stream.end();
        renameSync(path, `${path}.1`);
        stream = createWriteStream(path, { flags: "a" });
        stream.on("error", () => undefined);
        bytes = Buffer.byteLength(text);
      }
      stream.write(text);
    },
  };
  files.set(path, file);
  return file;
}
