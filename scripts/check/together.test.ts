import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("together.mjs", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "stufio-together-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs the programs in the temporary folder. */
function together(programs: Record<string, string>) {
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(dir, `${name}.mjs`), text);
  const commands = Object.keys(programs).map((name) => `node ${name}.mjs`);
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, ...commands], { cwd: dir, encoding: "utf8" });
  return {
    status,
    lines: stdout
      .replaceAll(/ after \d+\.\d s$/gm, "")
      .trim()
      .split("\n"),
  };
}

test("the commands run at the same time", () => {
  const meet = (mine: string, other: string) => `
    import { existsSync, writeFileSync } from "node:fs";
    writeFileSync("${mine}", "");
    const startMs = Date.now();
    while (!existsSync("${other}")) if (Date.now() > startMs + 20_000) process.exit(1);`;
  const { status } = together({ first: meet("a", "b"), second: meet("b", "a") });
  expect(status).toBe(0);
});

test("one failed command fails the whole, and the output of each command is shown in one piece", () => {
  const speak = (name: string, code: number) => `
    console.log("${name} 1");
    setTimeout(() => { console.error("${name} 2"); process.exitCode = ${code}; }, 100);`;
  const { status, lines } = together({
    good: speak("good", 0),
    bad: speak("bad", 3),
    missing: 'import "./nowhere.mjs"',
  });
  expect(status).toBe(1);
  const shown = (first: string) => lines.slice(lines.indexOf(first), lines.indexOf(first) + 3);
  expect(shown("== node good.mjs: passed")).toEqual(["== node good.mjs: passed", "good 1", "good 2"]);
  expect(shown("== node bad.mjs: FAILED")).toEqual(["== node bad.mjs: FAILED", "bad 1", "bad 2"]);
  expect(lines.join("\n")).toMatch(/== node missing\.mjs: FAILED\n[\s\S]*ERR_MODULE_NOT_FOUND/);
});
