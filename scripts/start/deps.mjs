import { readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./step.mjs";

/** Throws if Node is older than `engines` in package.json requires. */
export function requireNode(root) {
  const wanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node.replace(/[^\d.]/g, "");
  const isOlder = compareVersions(process.versions.node, wanted) < 0;
  if (isOlder) throw new Error(`Node ${wanted} or newer is required; this is ${process.versions.node}.`);
}

function compareVersions(a, b) {
  const parts = (version) => version.split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return at < 0 ? 0 : left[at] - (right[at] ?? 0);
}

/** Whether npm's list in node_modules has every package of package-lock.json that is not optional, in its version. */
export function isInstalled(root) {
  const packages = (path) => JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  try {
    const wanted = packages("package-lock.json");
    const present = packages("node_modules/.package-lock.json");
    return Object.entries(wanted).every(
      // Many optional packages are for other platforms.
      ([path, entry]) => path === "" || entry.optional || present[path]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

/** Runs `npm ci` if packages are missing or do not match package-lock.json. */
export async function ensureDependencies(root) {
  if (isInstalled(root)) return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await step({
    title: "Installing packages (npm ci)",
    command: [npm, "ci", "--include=dev", "--no-audit", "--no-fund"],
    cwd: root,
  });
}
