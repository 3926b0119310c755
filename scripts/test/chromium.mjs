import { sayError } from "../start/output.mjs";
import { findProgram, installPackage } from "../start/system-package.mjs";

/** The headless shell is Chromium without its windows. It starts faster. */
const HEADLESS_SHELL = "chromium-headless-shell";
const BROWSERS = [HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** CHROMIUM_PATH, otherwise the path of an installed Chromium; null if there is none. */
export function presentChromium() {
  return process.env.CHROMIUM_PATH || findProgram(BROWSERS);
}

/** The path of Chromium, which is installed if it is missing; null if it cannot be installed. */
export async function findChromium() {
  const present = presentChromium();
  if (present) return present;
  const isInstalled = (await installPackage(HEADLESS_SHELL)) || (await installPackage("chromium"));
  if (!isInstalled) sayError("Chromium is not installed and could not be installed. Set CHROMIUM_PATH");
  return presentChromium();
}
