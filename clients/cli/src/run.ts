import { CommanderError } from "commander";
import { createContext, type GlobalOptions } from "./context.js";
import { EXIT, type ExitCode, usageError } from "./exit.js";
import type { Io } from "./io.js";
import { paintFor } from "./output/text.js";
import { createProgram } from "./program.js";
import { failureOf, reportFailure } from "./report.js";

/** Runs a command, and returns the exit code. `argv` does not contain the name of the program. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  let isJson = false;
  const program = createProgram({
    io,
    perform: async (command, action) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      isJson = ["json", "ndjson"].includes(options.output ?? io.env.SCHEDULES_OUTPUT ?? "");
      const context = await createContext(io, options);
      isJson = context.print.format !== "table";
      try {
        exitCode = (await action(context)) ?? EXIT.ok;
      } finally {
        context.progress.end();
      }
    },
  });
  try {
    refuseSecrets(argv);
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (io.signal.aborted) return EXIT.interrupted;
    // Commander has printed its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = failureOf(error);
    io.stderr.write(reportFailure(failure, { isJson, paint: paintFor(io.stderr, io.env) }));
    return failure.exitCode;
  }
}

const SECRET_OPTION = /^--(?:api-?key|key|password|secret|token)(?:=|$)/i;

/** Arguments are visible to other users of the machine, and kept in the history of the shell. */
function refuseSecrets(argv: readonly string[]): void {
  const end = argv.indexOf("--");
  const found = (end < 0 ? argv : argv.slice(0, end)).find((one) => SECRET_OPTION.test(one));
  if (found === undefined) return;
  throw usageError(
    `${found.split("=", 1)[0]} is no option: a secret must not be an argument`,
    "Use --api-key-file, SCHEDULES_API_KEY or a profile.",
  );
}
