import { describe, expect, it } from "vitest";
import { readable } from "./output.mjs";

describe("a child's line on the console", () => {
  it("shows a pino line as time, level, text and fields", () => {
    const line = JSON.stringify({
      level: 40,
      time: 0,
      pid: 1,
      hostname: "h",
      msg: "late",
      count: 3,
      topic: "a.b",
      at: { x: 1 },
    });
    expect(readable(line)).toMatch(/^\d\d:\d\d:\d\d WARN late count=3 topic=a\.b at=\{"x":1\}$/);
  });

  it("shows the stack trace of an error below the line", () => {
    const line = JSON.stringify({
      level: 50,
      time: 0,
      msg: "failed",
      err: { message: "no", stack: "Error: no\n    at f" },
    });
    expect(readable(line)).toMatch(/ERROR failed\nError: no\n {4}at f$/);
  });

  it("shows only the message of a retry", () => {
    const line = JSON.stringify({
      level: 40,
      time: 0,
      msg: "again",
      n: 1,
      error: { message: "no", stack: "Error: no" },
    });
    expect(readable(line)).toMatch(/WARN again n=1: no$/);
  });

  it.each(["plain text", "{half", '{"listening":1234}', ""])("leaves %j as it is", (line) => {
    expect(readable(line)).toBe(line);
  });
});
