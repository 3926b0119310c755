import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/*
 * What a person sees of the stack: our own lines, and the lines of every child with its name before them.
 * The raw lines of a child also go to DATA_DIR/logs/<name>.log; at 20 MB it becomes <name>.log.1.
 */
const MAX_LOG_BYTES = 20 * 1024 * 1024;
const COLOURS = { web: 36, worker: 35, redis: 31, clickhouse: 33 };
const LEVELS = { 10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL" };
/** Fields of a pino line that say what the prefix says already. */
const KNOWN_FIELDS = new Set(["level", "time", "msg", "pid", "hostname", "name", "err", "error"]);
const useColour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

// Whoever read our output may be gone (`npm start | head`): that must not take the stack down.
process.stdout.on("error", () => undefined);

const paint = (code, text) => (useColour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A line of our own. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** A line of our own that reports a fault. */
export function complain(text) {
  say(paint(31, text));
}

/** One line of a child, readable: a pino line becomes time, level, text and fields; anything else stays as it is. */
export function readable(line) {
  if (!line.startsWith("{")) return line;
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  const level = LEVELS[entry.level];
  if (!level) return line;
  const time = new Date(entry.time).toTimeString().slice(0, 8);
  const fields = Object.entries(entry)
    .filter(([key]) => !KNOWN_FIELDS.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const fault = entry.err ?? entry.error;
  // The stack is of use where something broke, not where something is tried again.
  const error = fault ? (entry.level >= 50 && fault.stack ? `\n${fault.stack}` : `: ${fault.message ?? fault}`) : "";
  const shownLevel = entry.level >= 50 ? paint(31, level) : entry.level >= 40 ? paint(33, level) : level;
  return `${time} ${shownLevel} ${[entry.msg ?? "", ...fields].join(" ")}${error}`;
}

/** Sends what the stream says to `<dir>/<name>.log` and, unless it `isQuiet`, to the screen; `onLine` gets each. */
export function follow({ stream, name, dir, isQuiet, onLine }) {
  const file = logFile({ name, dir });
  const prefix = paint(COLOURS[name] ?? 37, name.padEnd(10));
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    file.write(`${line}\n`);
    onLine(line);
    if (isQuiet) return;
    for (const part of readable(line).split("\n")) say(`${prefix} ${part}`);
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
  // A full disk must not end the stack; the lines are still on the screen.
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
