import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { requirePython } from "../../scripts/test/python.mjs";

const run = promisify(execFile);

/** Runs the Python of a virtual environment with these arguments. Returns what it printed. */
export type Python = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;

/** Makes a virtual environment in the folder. A failed run throws an error with its output. */
export async function createPython(folder: string): Promise<Python> {
  await run(await requirePython(), ["-m", "venv", join(folder, "venv")]);
  return (args, env = {}) =>
    run(join(folder, "venv/bin/python"), args, {
      cwd: folder,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
      maxBuffer: 64 * 1024 * 1024,
    }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string; stderr: string }) => Promise.reject(new Error(`${error.stdout}\n${error.stderr}`)),
    );
}
