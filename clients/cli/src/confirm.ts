import type { Command } from "commander";
import type { Context } from "./context.js";
import { CliError, usageError } from "./exit.js";

export interface ConfirmOptions {
  yes?: boolean;
}

export const addYesOption = (command: Command): Command => command.option("--yes", "do not ask");

/** Asks before a change. @throws CliError if the answer is not yes, or if there is neither a terminal nor `--yes` */
export async function confirm({ io }: Context, question: string, { yes }: ConfirmOptions): Promise<void> {
  if (yes === true) return;
  if (io.ask === null) throw usageError(`${question} There is no terminal to ask on`, "Add --yes.");
  const answer = (await io.ask(`${question} [y/N] `)).trim();
  if (!/^y(?:es)?$/i.test(answer)) throw new CliError("Nothing was changed");
}
