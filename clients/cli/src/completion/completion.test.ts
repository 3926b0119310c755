import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { installPackage } from "~/scripts/start/system-package.mjs";
import { EXIT } from "../exit.js";
import { createProgram } from "../program.js";
import { run } from "../run.js";
import { testIo } from "../testing/io.js";
import { candidatesFor } from "./candidates.js";
import { SHELLS, type Shell, scriptFor } from "./scripts.js";

const program = createProgram({ io: testIo(), perform: async () => undefined });
const wordsAt = (...words: string[]) => candidatesFor(program, words).map(({ word }) => word);

describe("the candidates", () => {
  it.each([
    [["sche"], ["schedules"]],
    [
      ["schedules", "p"],
      ["preview", "pause"],
    ],
    [
      ["--quiet", "dead-letters", ""],
      ["list", "replay", "discard", "help"],
    ],
    [
      ["--output", ""],
      ["table", "json", "ndjson"],
    ],
    [["schedules", "list", "--kind", "o"], ["one_time"]],
    [["schedules", "list", "--kind=o"], ["--kind=one_time"]],
    // As bash divides it.
    [["schedules", "list", "--kind", "=", "o"], ["one_time"]],
    [
      ["schedules", "list", "--kind", "="],
      ["recurring", "one_time"],
    ],
    [
      ["schedules", "list", "--due"],
      ["--due-before", "--due-after"],
    ],
    [["schedules", "list", "--outp"], ["--output"]],
    [["--profile", "schedules", "exec"], ["executions"]],
    [["schedules", "get", "Daily report", ""], []],
    [["schedules", "list", "--topic", ""], []],
    [["completion", ""], []],
  ])("after %j are %j", (words, expected) => {
    expect(wordsAt(...words)).toEqual(expected);
  });

  it("do not include hidden commands", () => {
    expect(wordsAt("")).not.toContain("__complete");
  });
});

it.each(SHELLS)("`completion %s` prints its script", async (shell) => {
  const io = testIo();
  expect(await run(["completion", shell], io)).toBe(EXIT.ok);
  expect(io.out()).toBe(scriptFor(shell));
});

/** Runs a script in a shell that finds the command. COMPLETION is the path of the command's completion script. */
function inShell(shell: Shell, args: string[], script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "stufio-completion-"));
  const cli = fileURLToPath(new URL("../../../../scripts/cli.mjs", import.meta.url));
  const shim = join(folder, "stufio-schedules");
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(shim, 0o755);
  const completion = join(folder, "completion");
  writeFileSync(completion, scriptFor(shell));
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder, COMPLETION: completion };
  const { stdout, stderr, error } = spawnSync(shell, [...args, script], { encoding: "utf8", env, timeout: 60_000 });
  rmSync(folder, { recursive: true });
  expect(error).toBeUndefined();
  expect(stderr).toBe("");
  return stdout;
}
const isInstalled = (shell: Shell) => spawnSync(shell, ["--version"]).status === 0;
/** Under CI, no shell is skipped: missing ones are installed, and a test without its shell fails. */
const IS_CI = Boolean(process.env.CI);
const isSkipped = (shell: Shell) => !IS_CI && !isInstalled(shell);

beforeAll(async () => {
  if (!IS_CI) return;
  for (const shell of SHELLS) if (!isInstalled(shell)) await installPackage(shell);
}, 600_000);

it("bash completes a command line with its script", () => {
  const script = `
    source "$COMPLETION"
    COMP_WORDS=(stufio-schedules executions ta) COMP_CWORD=2
    _stufio_schedules
    echo "\${COMPREPLY[*]}"`;
  expect(inShell("bash", ["--norc", "-c"], script)).toBe("tail\n");
});

it.skipIf(isSkipped("zsh"))("zsh completes a command line with its script", () => {
  // The completion functions of zsh work only in its line editor, so the script replaces them.
  const script = `
    compdef() { print -r -- "$@" }
    _describe() { print -rl -- "\${(@P)2}" }
    source "$COMPLETION"
    words=(stufio-schedules executions ta) CURRENT=3
    _stufio-schedules`;
  expect(inShell("zsh", ["-f", "-c"], script)).toMatch(/^_stufio-schedules stufio-schedules\ntail:Show [^\n]+\n$/);
});

it.skipIf(isSkipped("fish"))("fish completes a command line with its script", () => {
  const script = 'source "$COMPLETION"; complete -C "stufio-schedules executions ta"';
  expect(inShell("fish", ["--no-config", "-c"], script)).toMatch(/^tail\tShow [^\n]+\n$/);
});
