/** Quotes a value for a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The curl command that replays the execution; the API key is a variable. */
export function replayAsCurl(input: { origin: string; executionId: string }): string {
  const url = `${input.origin}/admin/executions/${input.executionId}/replay`;
  return `curl -X POST ${quoted(url)} -H "Authorization: Bearer $STUFIO_API_KEY"`;
}
