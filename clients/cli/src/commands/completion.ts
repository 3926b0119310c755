import { Argument, type Command } from "commander";
import { withExamples } from "../command.js";
import { candidatesFor } from "../completion/candidates.js";
import { COMPLETE, SHELLS, type Shell, scriptFor } from "../completion/scripts.js";
import type { Io } from "../io.js";

/** Adds `completion` and the hidden command that its scripts call. Neither needs a configuration. */
export function addCompletion(program: Command, { stdout }: Pick<Io, "stdout">): void {
  const completion = program
    .command("completion")
    .description("Print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>", "shell").choices(SHELLS))
    .action((shell: Shell) => void stdout.write(scriptFor(shell)));
  withExamples(completion, ["completion bash", "completion zsh", "completion fish"]);

  program
    .command(`${COMPLETE} [words...]`, { hidden: true })
    .allowUnknownOption()
    .action((words: string[]) => {
      for (const { word, description } of candidatesFor(program, words)) stdout.write(`${word}\t${description}\n`);
    });
}
