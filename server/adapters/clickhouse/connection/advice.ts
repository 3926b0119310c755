const UNTRUSTED = /self.signed|unable to (verify|get)|certificate signature failure/i;
const NOT_TLS = /wrong version number|packet length too long|record layer failure/i;
/** AUTHENTICATION_FAILED and, on older servers, WRONG_PASSWORD and UNKNOWN_USER. */
const LOGIN_REFUSED = new Set(["516", "193", "192"]);
/** The server begins this message with the name of the user. */
const USER_BEFORE = /^.*?: (?=Not enough privileges)/;

/**
 * Describes a connection error in one line: the address, the cause and, if the error reveals it, the variable at fault
 * and the remedy. Contains neither the user nor the password.
 */
export function adviseOnClickHouse(error: unknown, url: string): string {
  const cause = error instanceof Error ? error : new Error(String(error));
  const advice = adviceFor(cause, url);
  return `ClickHouse at ${new URL(url).host}: ${messageOf(cause)}${advice === null ? "" : `. ${advice}`}`;
}

function messageOf(error: Error & { code?: unknown }): string {
  if (LOGIN_REFUSED.has(String(error.code))) return "Authentication failed";
  const [line = ""] = (error.message || String(error.code ?? error.name)).split("\n", 1);
  return line.replace(USER_BEFORE, "").replace(/[\s.]+$/, "");
}

function adviceFor(error: Error & { code?: unknown }, url: string): string | null {
  if (LOGIN_REFUSED.has(String(error.code)))
    return "CLICKHOUSE_USER, CLICKHOUSE_PASSWORD: the server rejected the login";
  const { message } = error;
  if (UNTRUSTED.test(message)) {
    return "CLICKHOUSE_CA_FILE: name the PEM file of the authority that signed the server's certificate";
  }
  if (/does not match certificate/i.test(message))
    return "CLICKHOUSE_URL: use a name that is in the server's certificate";
  if (NOT_TLS.test(message))
    return "CLICKHOUSE_URL: this port does not use TLS; use http://, or the server's https port";
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(`${message} ${error.code}`))
    return "CLICKHOUSE_URL: no server answers at this address";
  const isPlain = new URL(url).protocol === "http:";
  if (isPlain && /socket hang up|ECONNRESET|Parse Error|HTTP request to an HTTPS/i.test(message)) {
    return "CLICKHOUSE_URL: if this port uses TLS, use https://";
  }
  return null;
}
