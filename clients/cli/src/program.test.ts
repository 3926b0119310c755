import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { NAME } from "./command.js";
import { EXIT } from "./exit.js";
import { createProgram } from "./program.js";
import { run } from "./run.js";
import { testIo } from "./testing/io.js";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** All commands that do something. */
function leaves(command: Command): Command[] {
  const visible = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== "help");
  return visible.length === 0 ? [command] : visible.flatMap(leaves);
}

/** The words of a line, as a shell splits it. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/** Parses a command line without running it. Returns the name of the command that would run. */
async function parsed(words: readonly string[]): Promise<string> {
  let name = "";
  const nameOf = (command: Command): string =>
    command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
  const program = createProgram({
    io: testIo(),
    perform: async (command) => {
      name = nameOf(command);
    },
  });
  await program.parseAsync([...words], { from: "user" });
  return name;
}

describe("every command", () => {
  const program = createProgram({ io: testIo(), perform: async () => undefined });
  const commands = leaves(program).map((command) => {
    const path = command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`;
    return [path, command] as const;
  });

  it.each(commands)("%s has a description, and valid examples in its help", async (path, command) => {
    expect(command.description()).toMatch(/^[A-Z].*[^.]$/s);
    const io = testIo();
    expect(await run([...path.split(" "), "--help"], io)).toBe(EXIT.ok);
    expect(io.err()).toBe("");
    const [options, examples = ""] = io.out().split("\nExamples:\n");
    expect(options).toContain("--output <format>");
    const lines = examples.trimEnd().split("\n");
    for (const line of lines) {
      expect(line).toMatch(new RegExp(`^ {2}${NAME} ${path}`));
      // `completion` prints a script without configuration, so it does not call `perform`, which reports the command.
      if (path !== "completion") expect(await parsed(wordsOf(line).slice(1)), line).toBe(path);
    }
  });

  it("is in the README", () => {
    const named = README.split("\n").filter((line) => line.startsWith("| `"));
    for (const [path] of commands) {
      const [group, name] = path.split(" ");
      const row = named.find((line) => line.startsWith(`| \`${group}`));
      expect(row, path).toMatch(new RegExp(`\`(?:${group} )?${name ?? group}[ \`]`));
    }
  });
});

describe("the README", () => {
  const blocks = [...README.matchAll(/```bash\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
  const lines = blocks.flatMap((line) => /^(?:npx )?stufio-schedules (.*)$/.exec(line)?.[1] ?? []);

  it.each(lines)("has the valid command %s", async (line) => {
    expect(await parsed(wordsOf(line))).not.toBe("");
  });

  it("lists the exit codes", () => {
    const listed = [...README.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual([...new Set(Object.values(EXIT))]);
  });
});

describe("an invalid command line", () => {
  it.each([
    ["without a command", []],
    ["with an unknown command", ["shedules"]],
    ["without a command of a group", ["schedules"]],
    ["with an unknown option", ["schedules", "list", "--colour"]],
    ["without a required option", ["explain", "a"]],
    ["with too many arguments", ["schedules", "get", "a", "b"]],
    ["with an unknown format", ["schedules", "list", "-o", "xml"]],
    ["with a limit of 0", ["schedules", "list", "--limit", "0"]],
    ["with an unknown zone", ["profile", "list", "--zone", "Europe/Atlantis"]],
    ["with another address than http", ["profile", "show", "--url", "ftp://a.example"]],
    ["with a password in the address", ["profile", "show", "--url", "https://ann:hunter2@a.example"]],
  ])("%s exits with 2, and says why on standard error", async (_, argv) => {
    const io = testIo();
    expect(await run(argv, io)).toBe(EXIT.usage);
    expect(io.out()).toBe("");
    expect(io.err()).not.toBe("");
    expect(io.err()).not.toContain("hunter2");
  });

  it.each([
    ["--api-key", ["schedules", "list", "--api-key", "hunter2"]],
    ["--api-key=…", ["schedules", "list", "--api-key=hunter2"]],
    ["--password", ["users", "list", "--password", "hunter2"]],
    ["an unknown option", ["schedules", "list", "--apikey2=hunter2"]],
  ])("with a secret as %s is refused, and the secret is not repeated", async (_, argv) => {
    const io = testIo();
    expect(await run(argv, io)).toBe(EXIT.usage);
    expect(io.err()).toMatch(/option/);
    expect(io.err() + io.out()).not.toContain("hunter2");
  });

  it("reports its error as JSON if the output is JSON", async () => {
    const io = testIo();
    expect(await run(["schedules", "list", "-o", "json"], io)).toBe(EXIT.usage);
    expect(JSON.parse(io.err())).toMatchObject({ error: { code: "usage", message: "There is no API key" } });
  });
});

describe("a destructive command", () => {
  const env = { SCHEDULES_API_KEY: "k".repeat(32), SCHEDULES_URL: "http://127.0.0.1:9" };

  it("needs --yes without a terminal", async () => {
    const io = testIo({ env });
    expect(await run(["keys", "revoke", "a"], io)).toBe(EXIT.usage);
    expect(io.err()).toContain("--yes");
  });

  it("changes nothing if the answer is not yes", async () => {
    const io = testIo({ env, answers: ["maybe"] });
    expect(await run(["keys", "revoke", "a"], io)).toBe(EXIT.failure);
    expect(io.err()).toContain("Nothing was changed");
  });
});

it("--version prints the version", async () => {
  const io = testIo();
  expect(await run(["--version"], io)).toBe(EXIT.ok);
  expect(io.out()).toMatch(/^\d+\.\d+\.\d+\n$/);
});
