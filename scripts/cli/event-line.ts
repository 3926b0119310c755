/**
 * One event as a line of JSON. The value is inserted without parsing, so that numbers beyond 2^53 keep their digits.
 * Line ends in it become spaces. A value that is not JSON is shown as a string.
 */
export function eventLine(entry: { id: string; key?: string; headers?: string; value?: string }): string {
  const { id, key, headers, value } = entry;
  return `{"id":${JSON.stringify(id)},"key":${JSON.stringify(key ?? null)},"headers":${asJson(headers)},"value":${asJson(value)}}`;
}

function asJson(text: string | undefined): string {
  if (text === undefined) return "null";
  try {
    JSON.parse(text);
    // Strings in valid JSON contain no line ends, so all line ends are between tokens.
    return text.trim().replace(/[\r\n]+\s*/g, " ");
  } catch {
    return JSON.stringify(text);
  }
}
