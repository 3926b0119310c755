import { type ParseArgsConfig, parseArgs } from "node:util";

/** Prints why the command line is refused, and exits with 2. */
export function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** Parses the command line. An invalid argument prints the usage and exits with 2. */
export function parseArgumentsOrExit<T extends NonNullable<ParseArgsConfig["options"]>>(usage: string, options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // The other sentences of Node's message are about positional arguments, which no command takes.
    return refuse(`${(error as Error).message.split(". ", 1)[0]}\n${usage}`);
  }
}
