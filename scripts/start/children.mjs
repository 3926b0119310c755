import { spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { follow, say, sayError } from "./output.mjs";

const GUARD = fileURLToPath(new URL("./guard.sh", import.meta.url));
/** How long a program may take to end after its parent is gone. */
const ORPHAN_GRACE_SECONDS = 4;
/** The exit code of guard.sh if another process holds the lock. */
const LOCKED_CODE = 75;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** How many of its last lines are shown when a quiet child dies. */
const LAST_LINES = 5;
/** Wait after the exit event, because the last output may arrive later. */
const LAST_LINES_MS = 50;
/** A child that ran this long was healthy: the backoff starts again at its next exit. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Starts a program in a process group of its own. The group ends at most 5 s after the calling process, even if that
 * process is killed. `lock`, if given, is a file that stays locked while the program runs.
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
    // A killed process accepts signals until it is reaped, which takes less than five seconds.
    if (Date.now() > killAt + 5000) return;
    await pause(25);
  }
}

/**
 * Supervises a child: when the child exits, it is restarted after 0.5 s, then after twice as long each time up to 30 s.
 * The child has a process group of its own, so that Ctrl-C reaches only this process, which stops the children in
 * order.
 *
 * @param {object} input
 * @param {string} input.name Shown before each line of the child.
 * @param {string[]} input.command Program and arguments.
 * @param {NodeJS.ProcessEnv} input.env
 * @param {string} input.cwd
 * @param {string} input.logDir Where `<name>.log` goes.
 * @param {number} input.graceMs How long the child may take to end before it is killed.
 * @param {boolean} [input.isQuiet] The child's lines go only to its log; the screen shows only its exit.
 * @param {(child: {name: string, pid: number}) => void} input.onSpawn
 * @param {string} [input.lock] A file that stays locked while the child runs.
 * @param {(end: {code: number | null, lines: string[]}) => Promise<string | null>} [input.onDeath] Awaited before each
 * restart, for example to repair data. The returned text is shown. If the function throws, `failure` is that error
 * until the child runs again, and the error is shown if `ready` was called before.
 */
export function supervise({ name, command, env, cwd, logDir, graceMs, isQuiet = false, onSpawn, lock, onDeath }) {
  let child = null;
  let stopping = false;
  let backoffMs = FIRST_BACKOFF_MS;
  let timer = null;
  let failure = null;
  let isReady = false;

  const launch = () => {
    const startedAt = Date.now();
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
      // Other processes of the group could still hold the child's port or data.
      if (child.pid) signalGroup(child.pid, "SIGKILL");
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      const restartNotice = `restarting in ${backoffMs / 1000} s`;
      try {
        if (code === LOCKED_CODE && lock)
          throw new Error(`another process uses its data: ${lock} is locked. Stop that process first.`);
        const report = await onDeath?.({ code, lines: lastLines });
        sayError(`${name} ended (${reason}); ${restartNotice}`);
        if (isQuiet) for (const line of lastLines) sayError(`  ${line}`);
        if (report) say(report);
      } catch (error) {
        failure = error;
        // The cause replaces the last lines of output. Before `ready`, the code that waits for the first start shows
        // the cause.
        if (isReady) sayError(`${name} ended: ${error.message}; ${restartNotice}`);
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
