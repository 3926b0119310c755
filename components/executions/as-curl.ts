/** Quotes a value for a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const AUTHORIZATION = '-H "Authorization: Bearer $SCHEDULES_API_KEY"';

interface Target {
  origin: string;
  executionId: string;
}

/** The curl command that replays the execution; the API key is a variable. */
export function replayAsCurl({ origin, executionId }: Target): string {
  return `curl -X POST ${quoted(`${origin}/admin/executions/${executionId}/replay`)} ${AUTHORIZATION}`;
}

/** The curl command that replays the execution with the given payload, a JSON text, in place of its own. */
export function editedReplayAsCurl({ payload, ...target }: Target & { payload: string }): string {
  return `${replayAsCurl(target)} -H 'Content-Type: application/json' --data-binary ${quoted(`{"payload":${payload}}`)}`;
}

export function readAsCurl({ origin, executionId }: Target): string {
  return `curl ${quoted(`${origin}/admin/executions/${executionId}`)} ${AUTHORIZATION}`;
}
