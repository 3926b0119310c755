import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NODE_ARGS } from "../server/node-args.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const USAGE = `Usage: npm run bench -- [--only N[,N]] [--quick] [--json FILE] [--write] [--growth]
  --only    runs only the rows with these numbers in docs/benchmarks.md
  --quick   runs each side once with little data, to check that the benchmarks work; ignore the figures
  --json    also writes the figures to this file
  --write   updates the table in docs/benchmarks.md
  --growth  plots how the figures grow with the amount of data, into docs/images, instead of measuring the rows`;

if (process.argv.slice(2).some((arg) => arg === "--help" || arg === "-h")) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

// Both sides run with the product's Node options.
const args = [...NODE_ARGS, "--import", "tsx", "bench/main.ts", ...process.argv.slice(2)];
const { status, error } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
if (error) throw error;
process.exit(status ?? 1);
