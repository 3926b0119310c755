import { styleText } from "node:util";
import { stringifyJson } from "@stufio/schedules-client";
import stringWidth from "string-width";

/** Colours a text, or returns it unchanged where there are no colours. */
export type Paint = (colour: Colour, text: string) => string;
export type Colour = "red" | "yellow" | "green" | "cyan" | "dim" | "bold";

const plain: Paint = (_, text) => text;

/** Colours only on a terminal, and none if TERM is dumb or NO_COLOR is not empty (https://no-color.org). */
export function paintFor(sink: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Paint {
  if (sink.isTTY !== true || env.NO_COLOR || env.TERM === "dumb") return plain;
  // The sink was checked above; without the option, Node would check standard output.
  return (colour, text) => styleText(colour, text, { validateStream: false });
}

// Texts of the server could otherwise move the cursor, or change the title of the terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that terminals interpret.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const ESCAPED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Makes the control characters of a text visible. */
export function printable(text: string): string {
  return text.replace(
    CONTROL,
    (character) => ESCAPED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** JSON without characters that terminals interpret. `indent` is as that of `JSON.stringify`. */
export function json(value: unknown, indent?: number): string {
  return stringifyJson(value, indent).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export const width = (text: string) => stringWidth(text);

/** Shortens a text to a width, with "…" at its end. */
export function shortened(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let cut = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += width(segment);
    if (used > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
