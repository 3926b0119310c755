import { isAbsolute } from "node:path";
import { endGroup, signalGroup, spawnGuarded } from "./children.mjs";
import { displayPath, say } from "./output.mjs";

const PROGRESS_MS = 15_000;
const running = new Set();

/**
 * Runs a program to its end. Shows its output, and a line every 15 s. Throws if the program does not exit with 0.
 */
export async function step({ title, command, cwd, env = process.env }) {
  say(title);
  const startedAt = Date.now();
  const progress = setInterval(() => say(`… ${title}: ${Math.round((Date.now() - startedAt) / 1000)} s`), PROGRESS_MS);
  const code = await run({ command, cwd, env }).finally(() => clearInterval(progress));
  const shown = command.map((part) => (isAbsolute(part) ? displayPath(part) : part)).join(" ");
  if (code !== 0) throw new Error(`${shown} ended with ${code}`);
}

/** Runs a program to its end. Returns its exit code, or the name of a signal. Throws if it cannot be started. */
export async function run({ command, cwd, env = process.env }) {
  const child = spawnGuarded({ command, cwd, env, output: "inherit" });
  running.add(child);
  try {
    return await new Promise((done, fail) => {
      child.once("error", fail);
      child.once("exit", (code, signal) => done(signal ?? code));
    });
  } finally {
    running.delete(child);
    // A crashed program may have left children.
    if (child.pid) signalGroup(child.pid, "SIGKILL");
  }
}

export async function endSteps() {
  await Promise.all([...running].map((child) => endGroup({ pid: child.pid, graceMs: 10_000 })));
}
