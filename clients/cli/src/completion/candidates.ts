import type { Command, Option } from "commander";

export interface Candidate {
  word: string;
  description: string;
}

/**
 * Returns the words that complete the last of `words`, which may be empty or incomplete. Returns none where any text is
 * allowed, such as a path.
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidate[] {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  let command = program;
  let isOperand = false;
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] as string;
    if (word.startsWith("-")) {
      const option = optionOf(command, word);
      if (option === undefined || !takesValue(option) || word.includes("=")) continue;
      // bash divides --output=json into three words, and --output= into two.
      if (before[at + 1] === "=") at += 1;
      if (at === before.length - 1) return matching(choicesOf(option), current === "=" ? "" : current);
      at += 1;
      continue;
    }
    const inner = command.commands.find((one) => one.name() === word);
    if (inner) command = inner;
    else isOperand = true;
  }
  if (current.startsWith("-")) return matching([...optionsOf(command), ...assignmentsOf(command, current)], current);
  return isOperand ? [] : matching(commandsOf(command), current);
}

const matching = (all: readonly Candidate[], start: string) => all.filter(({ word }) => word.startsWith(start));

/** The options of a command and of its parents. */
function allOptions(command: Command): Option[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  return command.parent === null ? own : [...own, ...allOptions(command.parent)];
}

const optionOf = (command: Command, word: string) => {
  const flag = word.split("=", 1)[0] as string;
  return allOptions(command).find(({ long, short }) => long === flag || short === flag);
};

const takesValue = ({ required, optional }: Option) => required || optional;
const choicesOf = ({ argChoices }: Option): Candidate[] =>
  (argChoices ?? []).map((word) => ({ word, description: "" }));

/** `--output=table` and the like, if the word is an option with "=" behind it. */
function assignmentsOf(command: Command, word: string): Candidate[] {
  const option = word.includes("=") ? optionOf(command, word) : undefined;
  if (option === undefined) return [];
  const [flag] = word.split("=", 1);
  return choicesOf(option).map(({ word: choice, description }) => ({ word: `${flag}=${choice}`, description }));
}

function optionsOf(command: Command): Candidate[] {
  const found = allOptions(command).flatMap(({ long, description }) => (long ? [{ word: long, description }] : []));
  const help = { word: "--help", description: "print the help" };
  return [...new Map([...found, help].map((one) => [one.word, one])).values()];
}

const commandsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ word: one.name(), description: one.description() }));
