import type { Context } from "./context.js";
import type { ExitCode } from "./exit.js";
import { json, paintFor } from "./output/text.js";
import { failureOf, reportFailure } from "./report.js";

/**
 * Calls `work` for each of the given ids or names, and reports failures without stopping. Prints a sentence for each
 * success; as NDJSON, its answer; as JSON, a list of all answers. Returns the exit code of the first failure.
 */
export async function forEach(
  context: Context,
  names: readonly string[],
  work: (name: string) => Promise<{ sentence: string; answer: unknown }>,
): Promise<ExitCode | undefined> {
  const { io, print } = context;
  const answers: unknown[] = [];
  let exitCode: ExitCode | undefined;
  for (const name of names) {
    try {
      const { sentence, answer } = await work(name);
      if (print.format === "table") print.text(sentence);
      else if (print.format === "ndjson") print.text(json(answer));
      else answers.push(answer);
    } catch (error) {
      if (io.signal.aborted) throw error;
      const failure = failureOf(error);
      exitCode ??= failure.exitCode;
      const named = names.length === 1 ? failure : { ...failure, message: `${name}: ${failure.message}` };
      io.stderr.write(reportFailure(named, { isJson: print.format !== "table", paint: paintFor(io.stderr, io.env) }));
    }
  }
  if (print.format === "json") print.text(json(answers, 2));
  return exitCode;
}
