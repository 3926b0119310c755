import { type ParseArgsConfig, parseArgs } from "node:util";

/** `parseArgs`, but an unknown argument prints the usage and exits with 2, as shell programs do. */
export function parseArgumentsOrExit<T extends NonNullable<ParseArgsConfig["options"]>>(usage: string, options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // Only the first sentence of Node's message: the others are about positional arguments, which no command takes.
    process.stderr.write(`${(error as Error).message.split(". ", 1)[0]}\n${usage}\n`);
    process.exit(2);
  }
}
