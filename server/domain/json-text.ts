import { AppError, type FieldFault, fieldError } from "./errors";
import { UNPAIRED_SURROGATE_FAULT } from "./text";
import { fromWireKey } from "./wire";

/*
 * Payloads are published as the caller wrote them, including numbers beyond 2^53, `1.0`, `1E400` and repeated keys. So
 * the text of a payload is kept, and `JSON.parse` only validates it. These functions find the members in text that
 * `JSON.parse` accepted, in one pass and without recursion.
 */

/** The maximum nesting of a payload. Consumers in other languages allow 100 to 1,000 levels. */
export const MAX_JSON_DEPTH = 64;

/** The text of a JSON object as it was sent, and its nesting depth. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly depth: number,
  ) {}
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** Scans valid JSON text, value by value. */
class JsonScanner {
  /** Index of the next character. */
  at = 0;
  /** Depth of the last value: 0 for a scalar. */
  depth = 0;

  constructor(private readonly text: string) {}

  /** Skips white space; returns the code of the next character, NaN at the end. */
  next(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code > 0x20 || Number.isNaN(code)) return code;
      this.at += 1;
    }
  }

  private skipString(): void {
    for (let end = this.at; ; ) {
      end = this.text.indexOf('"', end + 1);
      let before = end - 1;
      while (this.text.charCodeAt(before) === BACKSLASH) before -= 1;
      // After an even number of backslashes the quote is not escaped.
      if ((end - before) % 2 === 1) {
        this.at = end + 1;
        return;
      }
    }
  }

  /** Moves past the value at `at`. */
  skipValue(): void {
    this.depth = 0;
    let open = 0;
    this.next();
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.skipString();
        if (open === 0) return;
        continue;
      }
      if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        open += 1;
        if (open > this.depth) this.depth = open;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        if (open === 0) return;
        open -= 1;
        if (open === 0) {
          this.at += 1;
          return;
        }
      } else if (open === 0 && (code === COMMA || code <= 0x20 || Number.isNaN(code))) return;
      this.at += 1;
    }
  }

  /**
   * Calls `visit` at the value of each member of the object at `at`. `visit` must move past the value.
   * `quoted` is the key as written.
   */
  eachMember(visit: (key: string, quoted: string) => void): void {
    this.next();
    this.at += 1;
    while (this.next() !== CLOSE_BRACE) {
      const start = this.at;
      this.skipString();
      const quoted = this.text.slice(start, this.at);
      const key = quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
      this.next();
      this.at += 1; // the colon
      this.next();
      visit(key, quoted);
      if (this.next() === COMMA) this.at += 1;
    }
    this.at += 1;
  }

  /** Calls `visit` at each item of the list at `at`. `visit` must move past the item. */
  eachItem(visit: (index: number) => void): void {
    this.next();
    this.at += 1;
    for (let index = 0; this.next() !== CLOSE_BRACKET; index += 1) {
      visit(index);
      if (this.next() === COMMA) this.at += 1;
    }
    this.at += 1;
  }
}

export function jsonDepth(text: string): number {
  const scanner = new JsonScanner(text);
  scanner.skipValue();
  return scanner.depth;
}

/** A member of an object: its key, decoded and as written, and the text of its value. */
export interface JsonMember {
  key: string;
  quoted: string;
  value: string;
}

/** All members in the text of an object, in order, repeated keys included. */
export function allJsonMembers(text: string): JsonMember[] {
  const scanner = new JsonScanner(text);
  const found: JsonMember[] = [];
  scanner.eachMember((key, quoted) => {
    const start = scanner.at;
    scanner.skipValue();
    found.push({ key, quoted, value: text.slice(start, scanner.at) });
  });
  return found;
}

/** The texts of the values in the text of an object, by decoded key. The last of several equal keys wins. */
export function jsonMembers(text: string): Map<string, string> {
  return new Map(allJsonMembers(text).map(({ key, value }) => [key, value]));
}

export function isObjectText(text: string): boolean {
  return new JsonScanner(text).next() === OPEN_BRACE;
}

/** The lists of definitions: of a batch, and of a document of schedules as code. */
const LISTS = ["items", "schedules"] as const;

/**
 * Replaces the parsed payloads in `body` and in its `items` or `schedules` with their original text. An item with a
 * repeated field or header is replaced with an error.
 *
 * @param body the parsed `text`, in camelCase
 * @throws AppError `validation_failed` that names a repeated field or header of the body
 */
export function keepPayloadTexts(body: Record<string, unknown>, text: string): void {
  const scanner = new JsonScanner(text);
  const scanItems = (items: unknown[]) =>
    scanner.eachItem((index) => {
      const item = items[index];
      const isDefinition = scanner.next() === OPEN_BRACE && typeof item === "object" && item !== null;
      if (!isDefinition) {
        scanner.skipValue();
        return;
      }
      const repeated = keepPayload(item as Record<string, unknown>, { scanner, text });
      if (repeated !== null) items[index] = repeatedFieldError(repeated);
    });
  const repeated = keepPayload(body, { scanner, text, scanItems });
  if (repeated !== null) throw repeatedFieldError(repeated);
}

const repeatedFieldError = (field: string) => fieldError("validation_failed", { field, message: "is given twice" });

/** Replaces the payload of one definition with its text. Returns the first repeated field, or null. */
function keepPayload(
  definition: Record<string, unknown>,
  scan: { scanner: JsonScanner; text: string; scanItems?: (items: unknown[]) => void },
): string | null {
  const { scanner, text, scanItems } = scan;
  const keys = new Set<string>();
  let repeated: string | null = null;
  scanner.eachMember((key) => {
    const name = fromWireKey(key);
    if (keys.has(name)) repeated ??= key;
    keys.add(name);
    const start = scanner.at;
    const code = text.charCodeAt(start);
    const list = scanItems && LISTS.find((one) => one === key);
    const items = list && definition[list];
    if (Array.isArray(items) && code === OPEN_BRACKET) scanItems?.(items);
    else if ((name === "headers" || name === "catchUp") && code === OPEN_BRACE) {
      const names = new Set<string>();
      scanner.eachMember((inner) => {
        const innerName = name === "headers" ? inner : fromWireKey(inner);
        if (names.has(innerName)) repeated ??= `${key}.${inner}`;
        names.add(innerName);
        scanner.skipValue();
      });
    } else {
      scanner.skipValue();
      if (key === "payload" && code === OPEN_BRACE) {
        definition.payload = new JsonText(text.slice(start, scanner.at), scanner.depth);
      }
    }
  });
  return repeated;
}

/** An escape of a surrogate. Valid Unicode text can contain an unpaired surrogate only as an escape. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * Refuses payloads that are nested too deep or contain an unpaired surrogate.
 * @param field the caller's name of the payload, with which the paths of faults begin
 */
export function requireSoundJson(json: JsonText, field: string): void {
  if (json.depth > MAX_JSON_DEPTH) {
    throw fieldError("validation_failed", {
      field,
      message: `is nested ${json.depth} levels deep`,
      expected: `at most ${MAX_JSON_DEPTH} levels`,
    });
  }
  if (!SURROGATE_ESCAPE.test(json.text)) return;
  const fault = loneSurrogate(JSON.parse(json.text), field);
  if (fault) throw new AppError("validation_failed", `${fault.field}: ${fault.message}`, { faults: [fault] });
}

function loneSurrogate(value: unknown, path: string): FieldFault | null {
  if (typeof value === "string")
    return /\p{Cs}/u.test(value) ? { field: path, message: UNPAIRED_SURROGATE_FAULT } : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const fault = loneSurrogate(key, path) ?? loneSurrogate(inner, `${path}.${key}`);
    if (fault) return fault;
  }
  return null;
}
