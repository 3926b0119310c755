import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NODE_ARGS } from "../server/node-args.mjs";

/* `npm run bench`: installs the peers beside the product the first time, then measures. */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("..", import.meta.url));

const USAGE = `Usage: npm run bench -- [--only N[,N]] [--quick] [--json FILE] [--write] [--growth]
  --only    only these rows of docs/benchmarks.md
  --quick   each side once, on small sizes: shows that it runs, measures nothing
  --json    also writes the figures to this file
  --write   updates the table in docs/benchmarks.md
  --growth  draws how the figures grow into docs/images instead`;

if (process.argv.slice(2).some((arg) => arg === "--help" || arg === "-h")) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${HERE}node_modules`)) run("npm", ["ci", "--no-audit", "--no-fund"], HERE);
// Both sides run as the product does.
run(process.execPath, [...NODE_ARGS, "--import", "tsx", "bench/main.ts", ...process.argv.slice(2)], ROOT);
