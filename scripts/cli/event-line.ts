/**
 * One event as a line of JSON. Its value is put in as it was published, so that numbers beyond 2^53 keep their digits;
 * only line ends between its tokens become blanks. A value that is no JSON is shown as a string: a delayed message may
 * be anything that its sender wrote.
 */
export function eventLine(entry: { id: string; key?: string; headers?: string; value?: string }): string {
  const { id, key, headers, value } = entry;
  return `{"id":${JSON.stringify(id)},"key":${JSON.stringify(key ?? null)},"headers":${asJson(headers)},"value":${asJson(value)}}`;
}

function asJson(text: string | undefined): string {
  if (text === undefined) return "null";
  try {
    JSON.parse(text);
    // No string of valid JSON holds a line end.
    return text.trim().replace(/[\r\n]+\s*/g, " ");
  } catch {
    return JSON.stringify(text);
  }
}
