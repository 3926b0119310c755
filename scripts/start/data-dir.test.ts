import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireDataDir } from "./data-dir.mjs";

const START = fileURLToPath(new URL("../start.mjs", import.meta.url));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "data-dir-"));
  writeFileSync(join(dir, "file"), "x");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("DATA_DIR", () => {
  it("is created with its parents, and is left empty", () => {
    requireDataDir(join(dir, "a/b/c"));
    requireDataDir(join(dir, "a/b/c"));
    expect(readdirSync(join(dir, "a/b/c"))).toEqual([]);
  });

  it.each([
    ["is a file", "file", "it is a file, not a folder"],
    ["is below a file", "file/below", "part of the path is a file"],
  ])("is refused in one line if it %s", (_, path, cause) => {
    expect(() => requireDataDir(join(dir, path))).toThrow(
      new RegExp(`^DATA_DIR ${join(dir, path)}: ${cause}.*Choose a folder [^\n]*$`),
    );
  });

  // In a separate process, because a hanging start would not react to a timer.
  it.runIf(process.platform === "linux").each(["/proc/nope", "/proc/nope/deeper"])(
    "makes the start fail with one line if it is %s",
    (dataDir) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [START], {
        env: { ...process.env, DATA_DIR: dataDir, PORT: "0" },
        timeout: 20_000,
        killSignal: "SIGKILL",
        encoding: "utf8",
      });
      const [line, ...rest] = `${stdout}${stderr}`.trim().split("\n");
      expect({ status, line, rest }).toEqual({
        status: 1,
        line: expect.stringMatching(`^DATA_DIR ${dataDir}: `),
        rest: [],
      });
    },
  );
});
