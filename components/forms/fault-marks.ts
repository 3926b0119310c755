/** A difference between a payload and its schema. `path`: as `server/domain/payload-path.ts` writes it. */
export interface PathFault {
  path: string;
  message: string;
}

/** A part of the text to mark. `from` and `to` (exclusive) are offsets in characters. */
export interface FaultMark {
  from: number;
  to: number;
  message: string;
}

interface Token {
  text: string;
  from: number;
  to: number;
}

/**
 * The places of the faults in a payload's JSON text. Marks a scalar itself, an object or a list by its name (by its
 * bracket if it has none), and for a missing value its closest ancestor. Leaves out faults whose place cannot be found.
 */
export function faultMarks(text: string, faults: readonly PathFault[]): FaultMark[] {
  if (faults.length === 0) return [];
  const tokens = tokensOf(text);
  return faults.flatMap(({ path, message }) => {
    const token = markedToken(tokens, keysOf(path));
    return token ? [{ from: token.from, to: token.to, message: `${path}: ${message}` }] : [];
  });
}

/** A string, a punctuation mark, or a number or word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** One step of a path: a name, an index, or a quoted key. */
const STEP = /\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** `payload.items[2]["a b"]` is `items`, `2`, `a b`. */
function keysOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, name, index, quoted]) => name ?? index ?? stringOf(quoted) ?? "");
}

function stringOf(json: string | undefined): string | null {
  try {
    const value: unknown = JSON.parse(json ?? "");
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The token to mark for the value at the keys, or for its deepest ancestor that exists. */
function markedToken(tokens: readonly Token[], keys: readonly string[]): Token | undefined {
  let at = 0;
  let name: Token | undefined;
  for (const key of keys) {
    const found = childOf(tokens, at, key);
    if (found === null) break;
    at = found.at;
    name = found.name;
  }
  const value = tokens[at];
  return value && OPENING.has(value.text) ? (name ?? value) : value;
}

const OPENING: ReadonlySet<string> = new Set(["{", "["]);
const CLOSING: ReadonlySet<string> = new Set(["}", "]"]);

/** The value of the key in the object or list at token `parent`. The last of repeated keys counts, as in JSON.parse. */
function childOf(tokens: readonly Token[], parent: number, key: string): { at: number; name?: Token } | null {
  const isObject = tokens[parent]?.text === "{";
  if (!isObject && tokens[parent]?.text !== "[") return null;
  let found: { at: number; name?: Token } | null = null;
  let at = parent + 1;
  for (let index = 0; at < tokens.length && !CLOSING.has(tokens[at]?.text ?? ""); index++) {
    const name = isObject ? tokens[at] : undefined;
    const value = isObject ? at + 2 : at;
    if (isObject ? stringOf(name?.text) === key : String(index) === key) found = { at: value, name };
    at = endOf(tokens, value);
    if (tokens[at]?.text === ",") at++;
  }
  return found;
}

/** The index after the value that begins at a token. */
function endOf(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const { text } = tokens[at] as Token;
    if (OPENING.has(text)) depth++;
    if (CLOSING.has(text)) depth--;
    if (depth <= 0) return at + 1;
  }
  return tokens.length;
}
