const UNTRUSTED = /self.signed|unable to (verify|get)|certificate signature failure/i;
const NOT_TLS = /wrong version number|packet length too long|record layer failure/i;
/** The server's AUTHENTICATION_FAILED, and the older WRONG_PASSWORD and UNKNOWN_USER. */
const REFUSED = new Set(["516", "193", "192"]);

/**
 * An error of a connection to ClickHouse in one line: the address, the cause and, where it tells, the variable at fault
 * and the remedy. Without user and password.
 */
export function adviseOnClickHouse(error: unknown, url: string): string {
  const cause = error instanceof Error ? error : new Error(String(error));
  const message = (cause.message || String((cause as { code?: unknown }).code ?? cause.name))
    .split("\n", 1)[0]
    ?.replace(/[\s.]+$/, "");
  const advice = adviceFor(cause, url);
  return `ClickHouse at ${new URL(url).host}: ${message}${advice === null ? "" : `. ${advice}`}`;
}

function adviceFor(error: Error & { code?: unknown }, url: string): string | null {
  if (REFUSED.has(String(error.code))) return "CLICKHOUSE_USER, CLICKHOUSE_PASSWORD: the server refuses them";
  const { message } = error;
  if (UNTRUSTED.test(message)) {
    return "CLICKHOUSE_CA_FILE: name the PEM file of the authority that signed the server's certificate";
  }
  if (/does not match certificate/i.test(message))
    return "CLICKHOUSE_URL: use a name that the server's certificate has";
  if (NOT_TLS.test(message))
    return "CLICKHOUSE_URL: this port does not speak TLS; use http://, or the server's https port";
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(`${message} ${error.code}`))
    return "CLICKHOUSE_URL: nothing answers there";
  const isPlain = new URL(url).protocol === "http:";
  if (isPlain && /socket hang up|ECONNRESET|Parse Error|HTTP request to an HTTPS/i.test(message)) {
    return "CLICKHOUSE_URL: if this port speaks TLS, use https://";
  }
  return null;
}
