import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { say } from "./output.mjs";
import { run } from "./step.mjs";

const POLICY = "/usr/sbin/policy-rc.d";
const APT_ENV = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };

/** The full path of the first of these programs in PATH; null if there is none. */
export function findProgram(names) {
  for (const name of names) {
    const found = spawnSync("sh", ["-c", 'command -v "$1"', "sh", name], { encoding: "utf8" });
    if (found.status === 0) return found.stdout.trim();
  }
  return null;
}

/** Whether this process runs as root on Debian or a derivative. */
export function mayInstall() {
  return process.getuid?.() === 0 && findProgram(["apt-get"]) !== null;
}

/**
 * Installs a Debian package without starting its services. Returns whether it was installed.
 */
export async function installPackage(name) {
  if (!mayInstall()) return false;
  const createsPolicy = !existsSync(POLICY);
  // Debian's policy-rc.d: 101 means that services may not be started.
  if (createsPolicy) {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
    chmodSync(POLICY, 0o755);
  }
  const removePolicy = () => createsPolicy && rmSync(POLICY, { force: true });
  process.once("exit", removePolicy);
  try {
    say(`${name} is not installed; installing it with apt-get`);
    const install = ["apt-get", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", name];
    if ((await run({ command: install, env: APT_ENV })) !== 0) {
      await run({ command: ["apt-get", "update"], env: APT_ENV });
      if ((await run({ command: install, env: APT_ENV })) !== 0) return false;
    }
    if (existsSync("/run/systemd/system")) spawnSync("systemctl", ["disable", name], { stdio: "ignore" });
    return true;
  } finally {
    process.off("exit", removePolicy);
    removePolicy();
  }
}
