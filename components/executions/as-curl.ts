/** A value within single quotes of a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The call that publishes this execution once more, for a terminal; the key stays a variable. */
export function replayAsCurl(given: { origin: string; executionId: string }): string {
  const url = `${given.origin}/admin/executions/${given.executionId}/replay`;
  return `curl -X POST ${quoted(url)} -H "Authorization: Bearer $STUFIO_API_KEY"`;
}
