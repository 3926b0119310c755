import { spawnSync } from "node:child_process";

/*
 * `npm run nodes -- COMMAND…` runs a command on one release of each supported major version of Node. The npm package
 * `node` has the binaries.
 */
const VERSIONS = ["20.20.2", "22.23.3", "24.21.0"];
const command = process.argv.slice(2);

if (command.length === 0 || command[0] === "--help" || command[0] === "-h") {
  process.stdout.write(`Usage: npm run nodes -- COMMAND…\nRuns the command on Node ${VERSIONS.join(", ")} in turn.\n`);
  process.exit(command.length === 0 ? 2 : 0);
}

const failed = VERSIONS.filter((version) => {
  process.stdout.write(`== Node ${version}: ${command.join(" ")}\n`);
  const args = ["exec", "--yes", `--package=node@${version}`, "--", ...command];
  return spawnSync("npm", args, { stdio: "inherit" }).status !== 0;
});
process.stdout.write(failed.length === 0 ? `Passed on ${VERSIONS.join(", ")}\n` : `Failed on ${failed.join(", ")}\n`);
process.exit(failed.length === 0 ? 0 : 1);
