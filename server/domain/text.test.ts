import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "./errors";
import { parseInput } from "./parse";
import { HeaderValue, Id, Label, Line, Name, Note, Paragraph, SearchText } from "./text";

/** The message for the field, or null if the text is accepted. */
function faultOf(schema: z.ZodType, text: unknown): string | null {
  try {
    parseInput(z.strictObject({ field: schema }), { field: text });
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).message;
  }
}

const KINDS = {
  Line: Line(300),
  Label: Label(300),
  Name: Name(300),
  Paragraph: Paragraph(300),
  Note,
  SearchText,
  HeaderValue,
};

describe("every kind of text", () => {
  it.each(Object.entries(KINDS))("refuses an unpaired surrogate: %s", (_, schema) => {
    for (const text of ["\ud800", "a\udfff", "\udc00\ud800", "😀\ud83d", "\ud800x"]) {
      expect(faultOf(schema, text)).toMatch(/^field: has an unpaired surrogate/);
    }
  });

  it.each(Object.entries(KINDS))("accepts surrogate pairs, other alphabets and unusual characters: %s", (_, schema) => {
    for (const text of ["😀", "日本語", "e\u0301", "a\ufffdb", "a\u200db", "\u05d0\u200fb"]) {
      expect(faultOf(schema, text)).toBeNull();
    }
  });
});

describe("control characters and line separators", () => {
  it.each([
    ["Line", Line(300), "a\nb", "U+000A"],
    ["Label", Label(300), "a\0b", "U+0000"],
    ["Name", Name(300), "a\r\nb", "U+000D"],
    ["Name", Name(300), "a\u2028b", "U+2028"],
    ["Name", Name(300), "a\u0085b", "U+0085"],
    ["Name", Name(300), "a\x7fb", "U+007F"],
    ["SearchText", SearchText, "a\tb", "U+0009"],
    ["Paragraph", Paragraph(300), "a\0b", "U+0000"],
    ["Note", Note, "a\x1bb", "U+001B"],
    ["HeaderValue", HeaderValue, "a\rb", "U+000D"],
    ["HeaderValue", HeaderValue, "a\nb", "U+000A"],
    ["HeaderValue", HeaderValue, "a\0b", "U+0000"],
  ])("are refused in a %s and named", (_, schema, text, named) => {
    expect(faultOf(schema, text)).toBe(`field: has ${named}, which is not allowed in this field`);
  });

  it("are allowed in a paragraph if they are tabs or line ends, and in a header value unless they are line ends or NUL", () => {
    expect(faultOf(Paragraph(300), "a\r\n\tb")).toBeNull();
    expect(faultOf(HeaderValue, "a\tb\x01")).toBeNull();
  });
});

it("names and search texts are normalised to NFC, but labels are not", () => {
  expect(Name(300).parse("  Cafe\u0301 ")).toBe("Caf\u00e9");
  expect(SearchText.parse("Cafe\u0301")).toBe("Caf\u00e9");
  expect(Label(300).parse("Cafe\u0301")).toBe("Cafe\u0301");
});

describe.each(["Label", "Name"] as const)("a %s", (kind) => {
  it.each(["\u200b", "\u3164", "\u2800", "\u00ad \ufeff", "\u{e0041}", "\u2060\u200d"])(
    "of only invisible characters is refused: %j",
    (text) => expect(faultOf(KINDS[kind], text)).toBe("field: has no visible character"),
  );

  it.each([..."\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])("is refused with %j inside", (text) => {
    const named = `U+${text.charCodeAt(0).toString(16).toUpperCase()}`;
    expect(faultOf(KINDS[kind], `a${text}b`)).toBe(
      `field: has ${named}, which changes the order of the text around it`,
    );
  });
});

it("other texts may consist of invisible characters", () => {
  for (const kind of ["Line", "Paragraph", "HeaderValue", "Note"] as const) {
    expect(faultOf(KINDS[kind], "\u200b\u202e")).toBeNull();
  }
});

it("a label has at least one visible character", () => {
  for (const text of ["", "  ", "\n"]) expect(faultOf(Label(300), text)).not.toBeNull();
});

it("an id is accepted in any letter case", () => {
  expect(Id.parse("01A20C82-F652-70CB-B620-EC7387862CA1")).toBe("01a20c82-f652-70cb-b620-ec7387862ca1");
  expect(faultOf(Id, "01A20C82")).toBe("field: must be a UUID");
});
