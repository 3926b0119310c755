/** Longer payloads are truncated on the page. */
export const PAYLOAD_CUT_CHARS = 20_000;

/**
 * Indents JSON text by two spaces and keeps its numbers, escapes and repeated keys as written. Other text is returned
 * unchanged.
 */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST_INDENT))}`;
  const pretty = text.replace(TOKENS, (token, empty: string | undefined) => {
    if (empty !== undefined) return empty === "{" ? "{}" : "[]";
    if (token.startsWith('"')) return token;
    if (token.trim() === "") return "";
    if (token === ":") return ": ";
    if (token === ",") return `,${line()}`;
    const isOpening = token === "{" || token === "[";
    depth += isOpening ? 1 : -1;
    return isOpening ? token + line() : line() + token;
  });
  return pretty;
}

/** In levels. The indentation of a message with thousands of levels would grow quadratically. */
const DEEPEST_INDENT = 64;

/** An empty object or array, a string, whitespace, or punctuation. Anything else is a number or a word. */
const TOKENS = /([{[])\s*[}\]]|"[^"\\]*(?:\\.[^"\\]*)*"|\s+|[{}[\]:,]/g;

/** Longer text is not coloured, because each key is an element of the page. */
const MAX_COLOURED_CHARS = 100_000;

/** A string, and the colon after it if it is a key. */
export const JSON_STRING = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"(\s*:)?/g;

/** JSON text in parts, so that its keys can be coloured. The parts together are the text. */
export function keyParts(text: string): { text: string; isKey: boolean }[] {
  const parts: { text: string; isKey: boolean }[] = [];
  let from = 0;
  for (const match of text.length > MAX_COLOURED_CHARS ? [] : text.matchAll(JSON_STRING)) {
    const [whole, colon] = match;
    if (colon === undefined) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), isKey: false });
    from = match.index + whole.length - colon.length;
    parts.push({ text: text.slice(match.index, from), isKey: true });
  }
  if (from < text.length) parts.push({ text: text.slice(from), isKey: false });
  return parts;
}

/**
 * Cuts a text of more than `limit` characters at the last line break within them, or at `limit` if there is none.
 * Appends a line with "…".
 */
export function cutText(text: string, limit = PAYLOAD_CUT_CHARS): { text: string; isCut: boolean } {
  if (text.length <= limit) return { text, isCut: false };
  const lineEnd = text.lastIndexOf("\n", limit);
  return { text: `${text.slice(0, lineEnd > 0 ? lineEnd : limit)}\n…`, isCut: true };
}
