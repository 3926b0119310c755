import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EXIT } from "../exit.js";
import { createProgram } from "../program.js";
import { run } from "../run.js";
import { testIo } from "../testing/io.js";
import { candidatesFor } from "./candidates.js";
import { SHELLS, scriptFor } from "./scripts.js";

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

it("bash completes a command line with its script", () => {
  const folder = mkdtempSync(join(tmpdir(), "stufio-completion-"));
  const cli = fileURLToPath(new URL("../../../../scripts/cli.mjs", import.meta.url));
  const shim = join(folder, "stufio-schedules");
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(shim, 0o755);
  writeFileSync(join(folder, "completion.sh"), scriptFor("bash"));
  const script = `
    source "${folder}/completion.sh"
    COMP_WORDS=(stufio-schedules executions ta) COMP_CWORD=2
    _stufio_schedules
    echo "\${COMPREPLY[*]}"`;
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8", env, timeout: 60_000 });
  expect({ stdout, stderr }).toEqual({ stdout: "tail\n", stderr: "" });
});
