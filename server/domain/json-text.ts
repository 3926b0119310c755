import { AppError, type FieldFault, fieldError } from "./errors";
import { LONE_SURROGATE_FAULT } from "./text";
import { fromWireKey } from "./wire";

/*
 * A payload is the caller's: numbers beyond 2^53, `1.0`, `1E400` and a key that comes twice reach the consumer as they
 * were written. So the text is kept, and what `JSON.parse` makes of it is only looked at. The functions here walk over
 * text that `JSON.parse` has taken already; they find where a member begins and ends, without recursion and in one
 * pass.
 */

/** How many objects and lists may lie in each other in a payload. Consumers in other languages stop at 100 to 1,000. */
export const MAX_JSON_DEPTH = 64;

/** The text of a JSON object, as it was sent, and how deep it is nested. */
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

/** Walks over valid JSON text, value by value. */
class Walker {
  at = 0;
  /** Depth of the value that was passed last: 0 for a scalar. */
  depth = 0;

  constructor(private readonly text: string) {}

  /** The code of the next character that is no blank. */
  next(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code > 0x20 || Number.isNaN(code)) return code;
      this.at += 1;
    }
  }

  private passString(): void {
    for (let end = this.at; ; ) {
      end = this.text.indexOf('"', end + 1);
      let before = end - 1;
      while (this.text.charCodeAt(before) === BACKSLASH) before -= 1;
      // An even number of backslashes before it: it is not escaped.
      if ((end - before) % 2 === 1) {
        this.at = end + 1;
        return;
      }
    }
  }

  /** Moves behind the value that begins here. */
  passValue(): void {
    this.depth = 0;
    let open = 0;
    this.next();
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.passString();
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
   * Calls `visit` at the value of each member of the object that begins here; `visit` moves behind the value. `quoted`
   * is the key as written.
   */
  eachMember(visit: (key: string, quoted: string) => void): void {
    this.next();
    this.at += 1;
    while (this.next() !== CLOSE_BRACE) {
      const start = this.at;
      this.passString();
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

  /** The same for the items of a list. */
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

/** How many objects and lists lie in each other in a valid JSON text. */
export function jsonDepth(text: string): number {
  const walker = new Walker(text);
  walker.passValue();
  return walker.depth;
}

/** A member of an object: its key as it is meant and as it is written, and the text of its value. */
export interface JsonMember {
  key: string;
  quoted: string;
  value: string;
}

/** All members of the text of an object, in their order; a key that comes twice is there twice. */
export function allJsonMembers(text: string): JsonMember[] {
  const walker = new Walker(text);
  const found: JsonMember[] = [];
  walker.eachMember((key, quoted) => {
    const start = walker.at;
    walker.passValue();
    found.push({ key, quoted, value: text.slice(start, walker.at) });
  });
  return found;
}

/**
 * The members of the text of an object: each key, as it is meant, with the text of its value. Of a key that comes
 * twice, the last.
 */
export function jsonMembers(text: string): Map<string, string> {
  return new Map(allJsonMembers(text).map(({ key, value }) => [key, value]));
}

/** Whether a valid JSON text is that of an object. */
export function isObjectText(text: string): boolean {
  return new Walker(text).next() === OPEN_BRACE;
}

/**
 * Puts the text of a payload, as it stands in the body, in the place of what was parsed of it: in `body` itself, and in
 * each of its `items`. A field of a definition, or a header, that is given twice is an error: of the body, or of its
 * item alone, which the error then stands in place of.
 *
 * @param body what `text` was parsed to, in camelCase
 * @throws AppError `validation_failed` that names the field
 */
export function keepPayloadTexts(body: Record<string, unknown>, text: string): void {
  const walker = new Walker(text);
  const items = Array.isArray(body.items) ? (body.items as unknown[]) : null;
  const passItems = () =>
    walker.eachItem((index) => {
      const item = items?.[index];
      const isDefinition = walker.next() === OPEN_BRACE && typeof item === "object" && item !== null;
      const twice = isDefinition ? keepPayload(item as Record<string, unknown>, { walker, text }) : walker.passValue();
      if (twice && items) items[index] = givenTwice(twice);
    });
  const twice = keepPayload(body, { walker, text, passItems: items === null ? undefined : passItems });
  if (twice !== null) throw givenTwice(twice);
}

const givenTwice = (field: string) => fieldError("validation_failed", { field, message: "is given twice" });

/** Answers the first field that is given twice, or null. */
function keepPayload(
  definition: Record<string, unknown>,
  given: { walker: Walker; text: string; passItems?: () => void },
): string | null {
  const { walker, text, passItems } = given;
  const keys = new Set<string>();
  let twice: string | null = null;
  walker.eachMember((key) => {
    const name = fromWireKey(key);
    if (keys.has(name)) twice ??= key;
    keys.add(name);
    const start = walker.at;
    const code = text.charCodeAt(start);
    if (key === "items" && passItems && code === OPEN_BRACKET) passItems();
    else if ((name === "headers" || name === "catchUp") && code === OPEN_BRACE) {
      const names = new Set<string>();
      walker.eachMember((inner) => {
        const innerName = name === "headers" ? inner : fromWireKey(inner);
        if (names.has(innerName)) twice ??= `${key}.${inner}`;
        names.add(innerName);
        walker.passValue();
      });
    } else {
      walker.passValue();
      if (key === "payload" && code === OPEN_BRACE) {
        definition.payload = new JsonText(text.slice(start, walker.at), walker.depth);
      }
    }
  });
  return twice;
}

/** An escape that may be half of a surrogate pair: valid text has no other way to say one. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * What a payload may not be, whatever it says: nested too deep, or with texts that are no Unicode.
 * @param field what the caller calls it; a fault inside is named by its path
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
  if (typeof value === "string") return /\p{Cs}/u.test(value) ? { field: path, message: LONE_SURROGATE_FAULT } : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const fault = loneSurrogate(key, path) ?? loneSurrogate(inner, `${path}.${key}`);
    if (fault) return fault;
  }
  return null;
}
