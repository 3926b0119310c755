import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  filterHeaders,
  type HeaderPair,
  headerPairs,
  headersOf,
  headersView,
  isHeaderList,
  parseStoredHeaders,
  readableHeaders,
  storedHeaders,
  withHeaders,
} from "./message-headers";

const LIST: HeaderPair[] = [
  ["x-dup", "first"],
  ["x-bytes", "//4AgAE=", "base64"],
  ["x-dup", "second"],
  ["x-none", null],
];
const names = fc.oneof(
  fc.constantFrom("", "a", "b", "10", "9", "__proto__", "constructor"),
  fc.string({ maxLength: 5 }),
);
const pair: fc.Arbitrary<HeaderPair> = fc.oneof(
  fc.tuple(names, fc.option(fc.string(), { nil: null })),
  fc.tuple(names, fc.base64String(), fc.constant("base64" as const)),
);

describe("headers of a message", () => {
  it.each<[string, HeaderPair[]]>([
    ["none", []],
    [
      "text with unique names",
      [
        ["b", "1"],
        ["a", "é"],
        ["empty", ""],
      ],
    ],
    ["a header whose name is a number", [["10", "x"]]],
  ])("are an object if possible: %s", (_, pairs) => {
    expect(headersOf(pairs)).toEqual(Object.fromEntries(pairs));
  });

  it.each<[string, HeaderPair[]]>([
    [
      "a repeated name",
      [
        ["a", "1"],
        ["a", "1"],
      ],
    ],
    ["bytes", [["a", "//4=", "base64"]]],
    ["an absent value", [["a", null]]],
    ["an empty name", [["", "x"]]],
    [
      "numeric names, which an object would reorder",
      [
        ["10", "x"],
        ["9", "y"],
      ],
    ],
    ["a name that an object treats specially", [["__proto__", "x"]]],
  ])("are a list if an object cannot represent them: %s", (_, pairs) => {
    expect(headersOf(pairs)).toEqual(pairs);
  });

  it("keep pairs and order when they are stored as an object of strings", () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const stored: Record<string, string> = JSON.parse(JSON.stringify(storedHeaders(headersOf(pairs))));
        expect(headerPairs(parseStoredHeaders(stored))).toEqual(pairs);
        expect(Object.values(stored).every((value) => typeof value === "string")).toBe(true);
      }),
    );
  });

  it("are stored unchanged if they are plain", () => {
    const plain = { tenant: "t1" };
    expect(storedHeaders(plain)).toBe(plain);
    expect(parseStoredHeaders(plain)).toBe(plain);
  });

  it("are read by name: the last of repeated names, binary values in base64", () => {
    const readable = { "x-dup": "second", "x-bytes": "base64://4AgAE=", "x-none": "" };
    expect(readableHeaders(LIST)).toEqual(readable);
    expect(storedHeaders(LIST)).toMatchObject(readable);
    expect(headersView(LIST)).toEqual({
      headers: readable,
      headerList: [
        { name: "x-dup", value: "first", encoding: "text" },
        { name: "x-bytes", value: "//4AgAE=", encoding: "base64" },
        { name: "x-dup", value: "second", encoding: "text" },
        { name: "x-none", value: null, encoding: "text" },
      ],
    });
    expect(headersView({ a: "1" })).toEqual({ headers: { a: "1" }, headerList: null });
  });

  it("become an object again when only plain headers are left", () => {
    expect(
      filterHeaders(
        [
          ["a", "1"],
          ["drop", null],
        ],
        (name) => name !== "drop",
      ),
    ).toEqual({ a: "1" });
    expect(isHeaderList(filterHeaders(LIST, (name) => name === "x-dup"))).toBe(true);
  });

  it("are replaced by added headers of the same name", () => {
    expect(withHeaders(LIST, { "x-dup": "ours" })).toEqual([
      ["x-bytes", "//4AgAE=", "base64"],
      ["x-none", null],
      ["x-dup", "ours"],
    ]);
    expect(withHeaders({ a: "1", b: "2" }, { b: "3" })).toEqual({ a: "1", b: "3" });
  });

  it("keep a header with an empty name whose value is not an encoded list", () => {
    for (const text of ["", "plain", "{}", "[1]", '[["a"]]', '[["a","b","hex"]]']) {
      expect(headerPairs(parseStoredHeaders({ a: "1", "": text }))).toEqual([
        ["a", "1"],
        ["", text],
      ]);
    }
  });
});
