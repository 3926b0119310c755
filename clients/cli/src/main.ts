#!/usr/bin/env node
import { ask } from "./ask.js";
import { run } from "./run.js";

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
// A reader such as `head` may close the pipe before the end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => Date.now(),
  signal: interrupt.signal,
  ask: process.stdin.isTTY && process.stderr.isTTY ? (question, how) => ask(question, how, interrupt.signal) : null,
});
