/** Above this many characters a payload is cut in the page. */
export const PAYLOAD_CUT_CHARS = 20_000;

/**
 * JSON text, indented by two spaces and else as it was written: its numbers, escapes and repeated keys. Other text is
 * returned unchanged.
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
    const opens = token === "{" || token === "[";
    depth += opens ? 1 : -1;
    return opens ? token + line() : line() + token;
  });
  return pretty;
}

/** A delayed message may be nested thousands deep; its text must not grow with the square of that. */
const DEEPEST_INDENT = 64;

/** An empty object or list, a string, blanks, or a mark between values. What is left is a number or a word. */
const TOKENS = /([{[])\s*[}\]]|"[^"\\]*(?:\\.[^"\\]*)*"|\s+|[{}[\]:,]/g;

/** Cuts at the last line break before `limit` characters, or at `limit` where a line is longer than that. */
export function cutText(text: string, limit = PAYLOAD_CUT_CHARS): { text: string; cut: boolean } {
  if (text.length <= limit) return { text, cut: false };
  const lineEnd = text.lastIndexOf("\n", limit);
  return { text: `${text.slice(0, lineEnd > 0 ? lineEnd : limit)}\n…`, cut: true };
}
