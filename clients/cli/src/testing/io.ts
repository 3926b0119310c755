import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../io.js";

export interface TestIo extends Io {
  out: () => string;
  err: () => string;
}

/** Streams in memory, and a configuration folder of their own. */
export function testIo(
  over: {
    env?: Record<string, string>;
    input?: string;
    isTerminal?: boolean;
    columns?: number;
    answers?: string[];
  } = {},
): TestIo {
  const { env = {}, input = "", isTerminal = false, columns, answers } = over;
  let out = "";
  let err = "";
  return {
    stdin: {
      isTTY: isTerminal,
      async *[Symbol.asyncIterator]() {
        yield input;
      },
    },
    stdout: {
      ...{ isTTY: isTerminal, columns },
      write(text) {
        out += text;
      },
    },
    stderr: {
      ...{ isTTY: isTerminal, columns },
      write(text) {
        err += text;
      },
    },
    env: { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), "stufio-cli-")), SCHEDULES_ZONE: "UTC", ...env },
    now: () => Date.parse("2027-01-01T00:00:00Z"),
    signal: new AbortController().signal,
    ask: answers === undefined ? null : async () => answers.shift() ?? "",
    out: () => out,
    err: () => err,
  };
}
