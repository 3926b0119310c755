import { z } from "zod";

/**
 * Texts as every border takes them. JSON can say `"\ud800"`, which no UTF-8 can: such a text breaks the stores that it
 * is written to later, far from whoever sent it. So it is refused where it comes in. `\p{Cs}` matches a surrogate
 * without its other half only.
 */
const LONE_SURROGATE = /\p{Cs}/u;
/** Control characters, and the two separators that are line ends for JavaScript and many viewers. */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029]/u;
/** Of the control characters a longer text has tabs and line ends. */
const NOT_IN_A_PARAGRAPH = /[^\P{Cc}\t\n\r]/u;
/** What would end a header early, or split it in two, wherever it is written down as a line. */
const NOT_IN_A_HEADER = /[\0\r\n]/;

/**
 * What is seen of a text: a name of blanks, fillers and zero-width characters alone cannot be told from another. U+2800
 * is an empty Braille cell.
 */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u;
/**
 * They reorder what stands around them, so that a name reads as another. The marks U+200E, U+200F and U+061C do not.
 */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/;

/** Nearly every text is of these alone, and no rule here refuses them. Unicode classes cost ten times as much. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

export const LONE_SURROGATE_FAULT = "has half of a surrogate pair, which is no Unicode text";

/** `U+000A` for a newline. */
function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function faultOf(text: string, refused: RegExp): string | null {
  if (PRINTABLE_ASCII.test(text)) return null;
  if (LONE_SURROGATE.test(text)) return LONE_SURROGATE_FAULT;
  const found = refused.exec(text);
  return found ? `has the control character ${codePoint(found[0])}` : null;
}

/** Why a text is no label, beside what `Line` refuses. */
function labelFault(text: string): string | null {
  if (PRINTABLE_ASCII.test(text) && text.trim() !== "") return null;
  if (!VISIBLE.test(text)) return "has no visible character";
  const found = REORDERING.exec(text);
  return found ? `has ${codePoint(found[0])}, which changes the order of the text around it` : null;
}

const refusing = (refused: RegExp) => ({
  check: (text: string) => faultOf(text, refused) === null,
  error: (issue: { input?: unknown }) => faultOf(String(issue.input), refused) ?? "is no text",
});
const line = refusing(NOT_IN_A_LINE);
const paragraph = refusing(NOT_IN_A_PARAGRAPH);
const header = refusing(NOT_IN_A_HEADER);

/** One line of Unicode text, up to `max` UTF-16 units, kept as it is. It may be empty. */
export const Line = (max: number) => z.string().max(max).refine(line.check, { error: line.error });

const label = {
  check: (text: string) => text === "" || labelFault(text) === null,
  error: (issue: { input?: unknown }) => labelFault(String(issue.input)) ?? "is no text",
};
const Visible = (max: number) => Line(max).refine(label.check, { error: label.error });

/**
 * A line that says something: without the blanks around it, with a visible character, and read in the order in which it
 * is written.
 */
export const Label = (max: number) => z.string().trim().min(1, "must not be empty").pipe(Visible(max));

/** A label that is looked for and compared: in NFC, so that one name typed on two keyboards is one name. */
export const Name = (max: number) => z.string().trim().normalize("NFC").min(1, "must not be empty").pipe(Visible(max));

/** Text of any number of lines. */
export const Paragraph = (max: number) => z.string().max(max).refine(paragraph.check, { error: paragraph.error });

/** What somebody's bytes say, control characters and all: only what no UTF-8 can say is refused. */
export const Verbatim = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !LONE_SURROGATE.test(text), LONE_SURROGATE_FAULT);

/** Why something was done, in the words of whoever did it. */
export const Note = z.string().trim().pipe(Paragraph(500));

/** What is searched for, in NFC as names and tags are. */
export const SearchText = z.string().trim().normalize("NFC").pipe(Line(200));

/** A header's value: any text but what ends a header. */
export const HeaderValue = z.string().max(8192).refine(header.check, { error: header.error });

/** A UUID in the lower case in which it is kept. */
export const Id = z.uuid("must be a UUID").toLowerCase();
