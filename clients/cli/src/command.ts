import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "./context.js";
import type { ExitCode } from "./exit.js";

/** The work of a command. It returns an exit code, or nothing for success. */
export type Action = ((context: Context) => Promise<ExitCode | undefined>) | ((context: Context) => Promise<void>);
/** Runs the work of a command. */
export type Perform = (command: Command, action: Action) => Promise<void>;
/** Adds the commands of one file to their parent. */
export type AddCommands = (parent: Command, perform: Perform) => void;

export const NAME = "stufio-schedules";

/** Returns a parser for an option whose value is a whole number from `min` to `max`. */
export function numberIn(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

/** Collects the values of an option that may be given several times, or with commas. */
export function valuesOf(text: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...text
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== ""),
  ];
}

/** Adds examples to the help of a command, without the name of the program. A test parses them. */
export function withExamples(command: Command, lines: readonly string[]): Command {
  const shown = lines.map((line) => `  ${NAME} ${line}`).join("\n");
  return command.addHelpText("after", `\nExamples:\n${shown}`);
}
