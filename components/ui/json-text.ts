/** Above this many characters a payload is cut in the page. */
export const PAYLOAD_CUT_CHARS = 20_000;

/** Two-space JSON of a value, or of a string that holds JSON; any other string is returned unchanged. */
export function prettyJson(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value, null, 2) ?? String(value);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

/** Cuts at the last line break before `limit` characters, or at `limit` where a line is longer than that. */
export function cutText(text: string, limit = PAYLOAD_CUT_CHARS): { text: string; cut: boolean } {
  if (text.length <= limit) return { text, cut: false };
  const lineEnd = text.lastIndexOf("\n", limit);
  return { text: `${text.slice(0, lineEnd > 0 ? lineEnd : limit)}\n…`, cut: true };
}
