import { describe, expect, it } from "vitest";
import { matchKey } from "./key-sequence";

const bindings = ["?", "/", "j", "g s", "g e"];

describe("matchKey", () => {
  it.each([
    ["a single key runs at once", "", "j", { run: "j", pending: "" }],
    ["the first key of a sequence waits", "", "g", { run: null, pending: "g" }],
    ["the second key completes the sequence", "g", "s", { run: "g s", pending: "" }],
    ["a key that completes no sequence runs by itself", "g", "j", { run: "j", pending: "" }],
    ["the first key twice waits again", "g", "g", { run: null, pending: "g" }],
    ["an unknown key ends the sequence without running anything", "g", "z", { run: null, pending: "" }],
    ["the second key alone does nothing", "", "s", { run: null, pending: "" }],
  ])("%s", (_, pending, key, expected) => {
    expect(matchKey({ pending, key, bindings })).toEqual(expected);
  });
});
