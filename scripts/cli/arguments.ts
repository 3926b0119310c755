import { type ParseArgsConfig, parseArgs } from "node:util";

/** `parseArgs`, but an unknown argument prints the usage and exits with 2, as shell programs do. */
export function parseArgumentsOrExit<T extends NonNullable<ParseArgsConfig["options"]>>(usage: string, options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split(". ", 1)[0]}\n${usage}\n`);
    process.exit(2);
  }
}
