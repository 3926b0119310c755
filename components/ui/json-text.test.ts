import { describe, expect, it } from "vitest";
import { cutText, keyParts, prettyJson } from "./json-text";

it.each([
  ["JSON with indentation", '{"a":[1]}', '{\n  "a": [\n    1\n  ]\n}'],
  [
    "empty objects and arrays on one line, and drops the original whitespace",
    '{ "a" : { } ,"b":[ ]\n}',
    '{\n  "a": {},\n  "b": []\n}',
  ],
  ["punctuation inside a string unchanged", '{"a\\"{":"[,]:\\\\"}', '{\n  "a\\"{": "[,]:\\\\"\n}'],
  [
    "numbers and repeated keys as they were written",
    '{"id":1970670598291982290,"a":1.0,"a":-0,"b":1E400}',
    '{\n  "id": 1970670598291982290,\n  "a": 1.0,\n  "a": -0,\n  "b": 1E400\n}',
  ],
  ["a scalar unchanged", '"\\u00e9"', '"\\u00e9"'],
  ["text that is not JSON unchanged", "{a:", "{a:"],
])("prettyJson shows %s", (_, value, expected) => {
  expect(prettyJson(value)).toBe(expected);
});

describe("cutText", () => {
  it.each([
    ["returns a short text unchanged", "abc\ndef", 7, { text: "abc\ndef", isCut: false }],
    ["cuts at the end of a line", "abc\ndef\nghi", 9, { text: "abc\ndef\n…", isCut: true }],
    ["cuts inside a line that is too long", "abcdefghi", 4, { text: "abcd\n…", isCut: true }],
  ])("%s", (_, text, limit, expected) => {
    expect(cutText(text, limit)).toEqual(expected);
  });
});

describe("keyParts", () => {
  it.each([
    ["the keys, but no values", '{"a": "b", "c": 1}', ['"a"', '"c"']],
    ["a key with an escaped quote", '{"a\\"b" : 1}', ['"a\\"b"']],
    ["no key in an array of strings with colons", '["x", ":", "y: z"]', []],
    ["no key in text that is not JSON", "a: b", []],
    ["no key in text that is too long to colour", `{"a": "${"x".repeat(100_000)}"}`, []],
  ])("finds %s", (_, text, keys) => {
    const parts = keyParts(text);
    expect(parts.filter(({ isKey }) => isKey).map((part) => part.text)).toEqual(keys);
    expect(parts.map((part) => part.text).join("")).toBe(text);
  });
});
