import { type ParseArgsConfig, parseArgs } from "node:util";

/** Parses the command line. An invalid argument prints the usage and exits with 2. */
export function parseArgumentsOrExit<T extends NonNullable<ParseArgsConfig["options"]>>(usage: string, options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // The other sentences of Node's message are about positional arguments, which no command takes.
    process.stderr.write(`${(error as Error).message.split(". ", 1)[0]}\n${usage}\n`);
    process.exit(2);
  }
}
