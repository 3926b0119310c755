import { type ParseArgsConfig, parseArgs } from "node:util";

/**
 * `parseArgs`, but an argument that is not known ends the process with the usage and code 2, as a shell's own programs
 * do.
 */
export function argumentsOr<T extends NonNullable<ParseArgsConfig["options"]>>(usage: string, options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split(". ", 1)[0]}\n${usage}\n`);
    process.exit(2);
  }
}
