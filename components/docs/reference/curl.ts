/** A shell command that makes a call. Parameters of the path are variables: `{id}` is `$ID`. */
export function curlOf(call: { path: string; method: string; needsKey: boolean; body: unknown }): string {
  const path = call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const lines = [
    `curl ${call.method === "GET" ? "" : `-X ${call.method} `}"$SCHEDULES_URL${path}"`,
    ...(call.needsKey ? ['-H "Authorization: Bearer $SCHEDULES_API_KEY"'] : []),
  ];
  if (call.body !== undefined) {
    const json = JSON.stringify(call.body, null, 2).replaceAll("'", "'\\''");
    lines.push('-H "Content-Type: application/json"', `-d '${json}'`);
  }
  return lines.join(" \\\n  ");
}
