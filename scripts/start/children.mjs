import { spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { complain, follow, say } from "./output.mjs";

const GUARD = fileURLToPath(new URL("./guard.sh", import.meta.url));
/** How long a program may take to end after its parent is gone. */
const ORPHAN_GRACE_SECONDS = 4;
/** guard.sh: another process holds the lock. */
const LOCKED_CODE = 75;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** The number of last lines that are shown when a quiet child dies. */
const LAST_LINES = 5;
/** The last output may arrive after the exit event. */
const LAST_LINES_MS = 50;
/** A child that ran this long was healthy: the backoff starts again at its next exit. */
const WELL_AFTER_MS = 60_000;

/**
 * Starts a program in a process group of its own, which ends within 5 s of this process, however this process ends.
 * `lock`, if given, is a file that stays locked while the program runs.
 */
export function spawnGuarded({ command, cwd, env, output, lock = "" }) {
  const child = spawn("sh", [GUARD, lock, String(ORPHAN_GRACE_SECONDS), ...command], {
    cwd,
    env,
    detached: true,
    stdio: ["pipe", output, output],
  });
  // Nothing is ever written to stdin, and the exit event reports the end of the child.
  child.stdin?.on("error", () => undefined);
  return child;
}

/** `code 3`, or the signal that ended the program; like a shell, the guard reports a signal as 128 plus its number. */
function reasonOf(code, signal) {
  const number = code > 128 ? code - 128 : 0;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal ?? name ?? `code ${code}`;
}

/** Signals a whole process group; false if it is gone. */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process group: SIGTERM, then SIGKILL after `graceMs`. Resolves when no process is left. */
export async function endGroup({ pid, graceMs }) {
  const killAt = Date.now() + graceMs;
  signalGroup(pid, "SIGTERM");
  while (signalGroup(pid, 0)) {
    if (Date.now() > killAt) signalGroup(pid, "SIGKILL");
    // A killed process that is not reaped yet still accepts signals; five seconds are enough for that.
    if (Date.now() > killAt + 5000) return;
    await pause(25);
  }
}

/**
 * Supervises a child: when it exits it is restarted after 0.5 s, then after twice as long each time up to 30 s. It has
 * a process group of its own, so that Ctrl-C reaches only this process, which stops the children in order.
 *
 * @param {object} input
 * @param {string} input.name Shown before each of its lines.
 * @param {string[]} input.command Program and arguments.
 * @param {NodeJS.ProcessEnv} input.env
 * @param {string} input.cwd
 * @param {string} input.logDir Where `<name>.log` goes.
 * @param {number} input.graceMs How long it may take to end before it is killed.
 * @param {boolean} [input.isQuiet] Its lines go only to its log; the screen shows only its exit.
 * @param {(child: {name: string, pid: number}) => void} input.onSpawn
 * @param {string} [input.lock] A file that stays locked while the child runs.
 * @param {(end: {code: number | null, lines: string[]}) => Promise<string | null>} [input.onDeath] Awaited before each
 * restart, for example to repair data. Its answer is shown. An error that it throws is `failure` until the child runs
 * again, and is shown once `ready` was called.
 */
export function supervise({ name, command, env, cwd, logDir, graceMs, isQuiet = false, onSpawn, lock, onDeath }) {
  let child = null;
  let stopping = false;
  let backoffMs = FIRST_BACKOFF_MS;
  let timer = null;
  let failure = null;
  let isReady = false;

  const launch = () => {
    const bornAt = Date.now();
    failure = null;
    child = spawnGuarded({ command, cwd, env, output: "pipe", lock });
    const lastLines = [];
    const onLine = (line) => {
      lastLines.push(line);
      if (lastLines.length > LAST_LINES) lastLines.shift();
    };
    follow({ stream: child.stdout, name, dir: logDir, isQuiet, onLine });
    follow({ stream: child.stderr, name, dir: logDir, isQuiet, onLine });
    if (child.pid) onSpawn({ name, pid: child.pid });
    let ended = false;
    const onEnd = async (reason, code) => {
      if (ended) return;
      ended = true;
      if (stopping) return;
      // The rest of its group would still hold its port or its data.
      if (child.pid) signalGroup(child.pid, "SIGKILL");
      if (Date.now() - bornAt > WELL_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      const again = `restarting in ${backoffMs / 1000} s`;
      try {
        if (code === LOCKED_CODE && lock)
          throw new Error(`another process uses its data: ${lock} is locked. Stop that process first.`);
        const report = await onDeath?.({ code, lines: lastLines });
        complain(`${name} ended (${reason}); ${again}`);
        if (isQuiet) for (const line of lastLines) complain(`  ${line}`);
        if (report) say(report);
      } catch (error) {
        failure = error;
        // The known cause says as much as its output, and the code that waits for the first start shows it.
        if (isReady) complain(`${name} ended: ${error.message}; ${again}`);
      }
      if (stopping) return;
      timer = setTimeout(launch, backoffMs);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    };
    child.once("exit", (code, signal) => setTimeout(onEnd, LAST_LINES_MS, reasonOf(code, signal), code));
    child.once("error", (error) => onEnd(error.message, null));
  };

  launch();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    /** Why the child cannot run; null if that is not known. */
    get failure() {
      return failure;
    },
    /** To be called when the child works for the first time: from then on the supervisor reports its failures. */
    ready() {
      isReady = true;
    },
    /** Whether the child is running. */
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
