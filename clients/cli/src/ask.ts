import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks a question on standard error, so that standard output has only results. */
export async function ask(
  question: string,
  { hidden = false }: { hidden?: boolean } = {},
  signal?: AbortSignal,
): Promise<string> {
  let isMuted = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  // In raw mode, Ctrl-C arrives as a character and not as a signal.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = lines.question(question, signal === undefined ? {} : { signal });
    isMuted = hidden;
    return await answer;
  } finally {
    lines.close();
    if (hidden) process.stderr.write("\n");
  }
}
