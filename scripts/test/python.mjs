import { spawnSync } from "node:child_process";
import { findProgram, installPackage } from "../start/system-package.mjs";

const PROGRAMS = ["python3", "/usr/bin/python3"];
/** Debian's Python has no ensurepip without the package python3-venv. */
const USABLE = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";

/** The path of Python 3.10 or later with venv and pip, which is installed if it is missing. */
export async function requirePython() {
  const found = usable() ?? ((await installPackage("python3-venv")) ? usable() : null);
  if (found === null) throw new Error("There is no Python 3.10 or later with venv, and it could not be installed");
  return found;
}

function usable() {
  const present = PROGRAMS.map((name) => findProgram([name])).filter((path) => path !== null);
  return present.find((path) => spawnSync(path, ["-c", USABLE]).status === 0) ?? null;
}
