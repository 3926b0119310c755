import { spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { follow, say, sayError } from "./output.mjs";

const GUARD = fileURLToPath(new URL("./guard.sh", import.meta.url));
/** Time for a program to end after its parent is gone. */
const ORPHAN_GRACE_SECONDS = 4;
/** The exit code of guard.sh if another process holds the lock. */
const LOCKED_CODE = 75;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** Number of last lines that are shown when a quiet child dies. */
const LAST_LINE_COUNT = 5;
/** Wait after the exit event for the last output. */
const LAST_LINES_MS = 50;
/** After a run of this length, the backoff starts again. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Starts a program in its own process group. The group ends at most 5 s after the calling process, even if the calling
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

/** `code 3`, or the name of the signal that ended the program. The guard reports a signal as 128 plus its number. */
function reasonOf(code, signal) {
  const number = code > 128 ? code - 128 : 0;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal ?? name ?? `code ${code}`;
}

/** Signals a process group. Returns false if that fails, usually because the group is gone. */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends a process group: SIGTERM, then SIGKILL after `graceMs`. Resolves when no process is left, at the latest 5 s
 * after the SIGKILL.
 */
export async function endGroup({ pid, graceMs }) {
  const killAt = Date.now() + graceMs;
  signalGroup(pid, "SIGTERM");
  while (signalGroup(pid, 0)) {
    if (Date.now() > killAt) signalGroup(pid, "SIGKILL");
    // A killed process accepts signals until it is reaped.
    if (Date.now() > killAt + 5000) return;
    await pause(25);
  }
}

/**
 * Starts a child and restarts it each time it exits: after 0.5 s, then after twice as long each time, up to 30 s. The
 * child has its own process group, so that Ctrl-C reaches only this process, which stops the children in order.
 *
 * @param {object} input
 * @param {string} input.name Shown before each line of the child.
 * @param {string[]} input.command Program and arguments.
 * @param {NodeJS.ProcessEnv} input.env
 * @param {string} input.cwd
 * @param {string} input.logDir Where `<name>.log` goes.
 * @param {number} input.graceMs How long the child may take to end before it is killed.
 * @param {boolean} [input.isQuiet] The child's lines go only to its log, except the last ones when it dies.
 * @param {(child: {name: string, pid: number}) => void} input.onSpawn
 * @param {string} [input.lock] A file that stays locked while the child runs.
 * @param {(end: {code: number | null, lines: string[]}) => Promise<string | null>} [input.onDeath] Called before each
 * restart, unless another process holds `lock`, for example to repair data. Its result is shown. If it throws,
 * `failure` is the error until the restart.
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
      if (lastLines.length > LAST_LINE_COUNT) lastLines.shift();
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
        // Before `ready`, the code that waits for the first start reports the failure.
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
    /** Why the child cannot run; null while it runs, or if the reason is unknown. */
    get failure() {
      return failure;
    },
    /** Call this when the child works for the first time. From then on, each `failure` is printed. */
    ready() {
      isReady = true;
    },
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
