import { describe, expect, it } from "vitest";
import { cutText, prettyJson } from "./json-text";

it.each([
  ["a value", { a: [1] }, '{\n  "a": [\n    1\n  ]\n}'],
  ["JSON in a string", '{"a":1}', '{\n  "a": 1\n}'],
  ["text that is not JSON", "{a:", "{a:"],
  ["nothing at all", undefined, "undefined"],
])("shows %s", (_, value, expected) => {
  expect(prettyJson(value)).toBe(expected);
});

describe("cutText", () => {
  it.each([
    ["leaves short text alone", "abc\ndef", 7, { text: "abc\ndef", cut: false }],
    ["cuts at the end of a line", "abc\ndef\nghi", 9, { text: "abc\ndef\n…", cut: true }],
    ["cuts inside a line that is too long", "abcdefghi", 4, { text: "abcd\n…", cut: true }],
  ])("%s", (_, text, limit, expected) => {
    expect(cutText(text, limit)).toEqual(expected);
  });
});
