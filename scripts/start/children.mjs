import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { complain, follow, say } from "./output.mjs";

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** Of a quiet child, shown when it dies. */
const LAST_LINES = 5;
/** What it said last may arrive after the news of its end. */
const LAST_LINES_MS = 50;
/** A child that lived this long was well: its next death starts the backoff anew. */
const WELL_AFTER_MS = 60_000;

/** Signals a whole process group; false if it is gone. */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process group: SIGTERM, then SIGKILL after `graceMs`. Resolves when none of it is left. */
export async function endGroup({ pid, graceMs }) {
  const killAt = Date.now() + graceMs;
  signalGroup(pid, "SIGTERM");
  while (signalGroup(pid, 0)) {
    if (Date.now() > killAt) signalGroup(pid, "SIGKILL");
    // A killed process that its parent has not reaped yet still answers; five seconds are ample for that.
    if (Date.now() > killAt + 5000) return;
    await pause(25);
  }
}

/**
 * A child that is kept alive: when it dies it is started again, after 0.5 s, then twice as long each time up to 30 s.
 * It has a process group of its own, so that Ctrl-C reaches us alone and we choose the order of the ends.
 *
 * @param {object} input
 * @param {string} input.name Shown before each of its lines.
 * @param {string[]} input.command Program and arguments.
 * @param {NodeJS.ProcessEnv} input.env
 * @param {string} input.cwd
 * @param {string} input.logDir Where `<name>.log` goes.
 * @param {number} input.graceMs How long it may take to end before it is killed.
 * @param {boolean} [input.isQuiet] Its lines go to its log only; the screen hears of it when it dies.
 * @param {(child: {name: string, pid: number}) => void} input.onSpawn
 */
export function supervise({ name, command, env, cwd, logDir, graceMs, isQuiet = false, onSpawn }) {
  let child = null;
  let stopping = false;
  let backoffMs = FIRST_BACKOFF_MS;
  let timer = null;

  const launch = () => {
    const bornAt = Date.now();
    child = spawn(command[0], command.slice(1), { env, cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const lastLines = [];
    const onLine = (line) => {
      lastLines.push(line);
      if (lastLines.length > LAST_LINES) lastLines.shift();
    };
    follow({ stream: child.stdout, name, dir: logDir, isQuiet, onLine });
    follow({ stream: child.stderr, name, dir: logDir, isQuiet, onLine });
    if (child.pid) onSpawn({ name, pid: child.pid });
    let ended = false;
    const onEnd = (reason) => {
      if (ended) return;
      ended = true;
      if (stopping) return;
      // What it left of its group would hold its port or its data.
      if (child.pid) signalGroup(child.pid, "SIGKILL");
      if (Date.now() - bornAt > WELL_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      complain(`${name} ended (${reason}); starting it again in ${backoffMs / 1000} s`);
      if (isQuiet) for (const line of lastLines) complain(`  ${line}`);
      timer = setTimeout(launch, backoffMs);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    };
    child.once("exit", (code, signal) => setTimeout(onEnd, LAST_LINES_MS, signal ?? `code ${code}`));
    child.once("error", (error) => onEnd(error.message));
  };

  launch();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    /** Whether it lives at this moment. */
    get alive() {
      return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child?.pid === undefined) return;
      await endGroup({ pid: child.pid, graceMs });
      say(`${name} stopped`);
    },
    killNow() {
      stopping = true;
      clearTimeout(timer);
      if (child?.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    },
  };
}
