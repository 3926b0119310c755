import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NODE_ARGS } from "../scripts/node-args.mjs";

/* `npm run bench`: installs the peers beside the product the first time, then measures. */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("..", import.meta.url));

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${HERE}node_modules`)) run("npm", ["ci", "--no-audit", "--no-fund"], HERE);
// Both sides run as the product does.
run(process.execPath, [...NODE_ARGS, "--import", "tsx", "bench/main.ts", ...process.argv.slice(2)], ROOT);
