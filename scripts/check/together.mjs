import { spawn } from "node:child_process";

/*
 * Runs its arguments, each a shell command, at the same time. The output of a command appears as a whole when the
 * command ends. Exits with 1 if one of them failed.
 */
// The commands write to pipes, which have no colours by default.
const env = process.stdout.isTTY ? { FORCE_COLOR: "1", ...process.env } : process.env;

const run = (command) =>
  new Promise((done) => {
    const startMs = performance.now();
    const chunks = [];
    const child = spawn(command, { shell: true, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => chunks.push(chunk));
    child.once("close", (code) => {
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      process.stdout.write(`== ${command}: ${code === 0 ? "passed" : "FAILED"} after ${seconds} s\n`);
      process.stdout.write(Buffer.concat(chunks));
      done(code === 0);
    });
  });

const results = await Promise.all(process.argv.slice(2).map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;
