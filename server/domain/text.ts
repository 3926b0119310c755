import { z } from "zod";

/** JSON can contain an unpaired surrogate, such as `"\ud800"`. UTF-8 cannot, so a store would refuse the text later. */
const UNPAIRED_SURROGATE = /\p{Cs}/u;
/** Control characters, and two separators that JavaScript and many viewers treat as line ends. */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029]/u;
/** Control characters except tabs and line ends. */
const NOT_IN_A_PARAGRAPH = /[^\P{Cc}\t\n\r]/u;
/** Characters that would end or split a header in a line-based format. */
const NOT_IN_A_HEADER = /[\0\r\n]/;

/** A visible character. U+2800 is an empty Braille cell. */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u;
/** Characters that reorder the text around them, so that a name reads as another name. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/;

/** Matches nearly all texts, and only texts that no rule refuses. Unicode classes are ten times slower. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

export const UNPAIRED_SURROGATE_FAULT = "has an unpaired surrogate, which is not valid Unicode";

/** The code point of the first character, such as `U+000A`. */
function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function faultOf(text: string, refused: RegExp): string | null {
  if (PRINTABLE_ASCII.test(text)) return null;
  if (UNPAIRED_SURROGATE.test(text)) return UNPAIRED_SURROGATE_FAULT;
  const found = refused.exec(text);
  return found ? `has ${codePoint(found[0])}, which is not allowed in this field` : null;
}

/** Why a `Line` is not a label; null if it is. */
function labelFault(text: string): string | null {
  if (PRINTABLE_ASCII.test(text) && text.trim() !== "") return null;
  if (!VISIBLE.test(text)) return "has no visible character";
  const found = REORDERING.exec(text);
  return found ? `has ${codePoint(found[0])}, which changes the order of the text around it` : null;
}

const refusing = (refused: RegExp) => ({
  check: (text: string) => faultOf(text, refused) === null,
  error: (issue: { input?: unknown }) => faultOf(String(issue.input), refused) ?? "is not text",
});
const line = refusing(NOT_IN_A_LINE);
const paragraph = refusing(NOT_IN_A_PARAGRAPH);
const header = refusing(NOT_IN_A_HEADER);

/** One line of text, up to `max` UTF-16 units. It may be empty. */
export const Line = (max: number) => z.string().max(max).refine(line.check, { error: line.error });

const label = {
  check: (text: string) => text === "" || labelFault(text) === null,
  error: (issue: { input?: unknown }) => labelFault(String(issue.input)) ?? "is not text",
};
const Visible = (max: number) => Line(max).refine(label.check, { error: label.error });

/** A trimmed line with a visible character and without characters that reorder text. */
export const Label = (max: number) => z.string().trim().min(1, "must not be empty").pipe(Visible(max));

/** A label in NFC, so that the same name typed on different keyboards is the same text. */
export const Name = (max: number) => z.string().trim().normalize("NFC").min(1, "must not be empty").pipe(Visible(max));

export const Paragraph = (max: number) => z.string().max(max).refine(paragraph.check, { error: paragraph.error });

/** Text with any control characters; only unpaired surrogates are refused. */
export const Verbatim = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !UNPAIRED_SURROGATE.test(text), UNPAIRED_SURROGATE_FAULT);

/** A person's reason for an action. */
export const Note = z.string().trim().pipe(Paragraph(500));

/** A search text, in NFC like names and tags. */
export const SearchText = z.string().trim().normalize("NFC").pipe(Line(200));

/** A header's value: any text without characters that end a header. */
export const HeaderValue = z.string().max(8192).refine(header.check, { error: header.error });

/** A UUID, lower-cased. */
export const Id = z.uuid("must be a UUID").toLowerCase();
