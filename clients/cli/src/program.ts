import { Command, Option } from "commander";
import { NAME, numberIn, type Perform } from "./command.js";
import { addCompletion } from "./commands/completion.js";
import { COMMANDS, GROUPS } from "./commands/index.js";
import { DEFAULT_URL } from "./connection.js";
import type { Io } from "./io.js";
import { FORMATS } from "./output/format.js";
import { VERSION } from "./version.js";

const MAX_TIMEOUT_SECONDS = 3600;

/** All commands, with their options and help. */
export function createProgram({ io, perform }: { io: Io; perform: Perform }): Command {
  const program = new Command(NAME)
    .description("Lists, changes, explains and checks the schedules of an installation of Stufio Schedules.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print the help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => helpWidth(io.stdout),
      getErrHelpWidth: () => helpWidth(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      // The value of an unknown option may be a secret.
      outputError: (text, write) => write(text.replace(/^(error: unknown option '--?[^'=]*)=[^']*'/, "$1'")),
    })
    .showHelpAfterError("Run the command with --help for its usage.")
    .exitOverride();
  addGlobalOptions(program);
  for (const { name, summary, commands } of GROUPS) {
    const group = program.command(name).description(summary);
    for (const add of commands) add(group, perform);
  }
  for (const add of COMMANDS) add(program, perform);
  addCompletion(program, io);
  return program;
}

const helpWidth = (sink: Io["stdout"]) => Math.min(120, sink.columns ?? 100);

function addGlobalOptions(program: Command): void {
  program
    .option("--profile <name>", "saved profile with the address and the API key to use (SCHEDULES_PROFILE)")
    .option(
      "--url <address>",
      `address of the installation; without a profile, ${DEFAULT_URL} by default (SCHEDULES_URL)`,
    )
    .option(
      "--api-key-file <path>",
      'file with the API key; "-" reads standard input (SCHEDULES_API_KEY_FILE; the key itself: SCHEDULES_API_KEY)',
    )
    .addOption(
      new Option(
        "-o, --output <format>",
        "format of the results; by default that of the profile, or table (SCHEDULES_OUTPUT)",
      ).choices([...FORMATS]),
    )
    .option(
      "--zone <zone>",
      "time zone of times in tables; by default that of the profile, or of this machine (SCHEDULES_ZONE)",
    )
    .option(
      "--timeout <seconds>",
      "time limit of each request; 15 by default, 120 for documents of schedules as code",
      numberIn(1, MAX_TIMEOUT_SECONDS),
    )
    .option("-q, --quiet", "print no notes and no progress on standard error");
}
