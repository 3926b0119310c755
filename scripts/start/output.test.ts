import { describe, expect, it } from "vitest";
import { displayPath, formatLine } from "./output.mjs";

const WARN = 40;
const ERROR = 50;

describe("a path on the console", () => {
  it.each([
    ["/home/ann/app/.data/api-key", ".data/api-key"],
    ["/home/ann/app", "."],
    ["/home/ann/app/..data/api-key", "..data/api-key"],
    ["/home/ann/app-data/api-key", "/home/ann/app-data/api-key"],
    ["/home/ann", "/home/ann"],
    ["/tmp/a", "/tmp/a"],
  ])("%s is shown as %s in /home/ann/app", (path, shown) => {
    expect(displayPath(path, "/home/ann/app")).toBe(shown);
  });
});

describe("a child's line on the console", () => {
  it("shows a pino line as time, level, text and fields", () => {
    const line = JSON.stringify({
      level: WARN,
      time: 0,
      pid: 1,
      hostname: "h",
      msg: "late",
      count: 3,
      topic: "a.b",
      at: { x: 1 },
    });
    expect(formatLine(line)).toMatch(/^\d\d:\d\d:\d\d WARN late count=3 topic=a\.b at=\{"x":1\}$/);
  });

  it("shows the stack trace of an error below the line", () => {
    const line = JSON.stringify({
      level: ERROR,
      time: 0,
      msg: "failed",
      err: { message: "no", stack: "Error: no\n    at f" },
    });
    expect(formatLine(line)).toMatch(/ERROR failed\nError: no\n {4}at f$/);
  });

  it("shows no stack trace below level ERROR", () => {
    const line = JSON.stringify({
      level: WARN,
      time: 0,
      msg: "again",
      n: 1,
      error: { message: "no", stack: "Error: no" },
    });
    expect(formatLine(line)).toMatch(/WARN again n=1: no$/);
  });

  it("escapes control characters and line ends, which could rewrite the terminal or forge a line", () => {
    const forged = "a\u001b[2J\r\n12:00:00 INFO forged\u009b\u2028";
    const shown = "a\\u001b[2J\\u000d\\u000a12:00:00 INFO forged\\u009b\\u2028";
    const fault = { message: forged, stack: `Error: ${forged}` };
    for (const level of [WARN, ERROR]) {
      const text = formatLine(JSON.stringify({ level, time: 0, msg: forged, path: forged, err: fault }));
      expect(text).toContain(`${shown} path=${shown}`);
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028]/u);
      expect(text.split("\n")).toHaveLength(level === WARN ? 1 : 3);
    }
    expect(formatLine(`\u001b]0;title\u0007${forged}`)).toBe(`\\u001b]0;title\\u0007${shown}`);
  });

  it.each(["plain text", "{half", '{"listening":1234}', ""])("leaves %j as it is", (line) => {
    expect(formatLine(line)).toBe(line);
  });
});
