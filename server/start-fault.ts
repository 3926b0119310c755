/**
 * Why the product cannot start, in one line: the variable, the address without its password, the cause and the remedy.
 */
export class StartFault extends Error {
  constructor(input: { variable: string; address: string; cause: string; remedy: string }) {
    super(`${input.variable} ${input.address}: ${input.cause}. ${input.remedy}`);
    this.name = "StartFault";
  }
}

type Explained = { cause: string; remedy: string };

const CONNECTION_FAULTS: readonly [RegExp, Explained][] = [
  [/ECONNREFUSED/, { cause: "nothing listens at this address", remedy: "Start the server, or correct host and port." }],
  [/ENOTFOUND|EAI_AGAIN/, { cause: "the host name cannot be resolved", remedy: "Correct the host name." }],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|timed out|timeout/i,
    {
      cause: "the server cannot be reached or does not answer in time",
      remedy: "Check the host, the port and the firewall, and whether the server expects TLS.",
    },
  ],
  [
    /CERT|certificate|altname/i,
    {
      cause: "its certificate is not trusted",
      remedy: "Set the file of the authority that signed it, or correct the host.",
    },
  ],
  [
    /wrong version number|EPROTO|ssl3|tls/i,
    { cause: "the TLS handshake failed", remedy: "Use the URL without TLS, or the server's TLS port." },
  ],
];

const REDIS_FAULTS: readonly [RegExp, Explained][] = [
  [
    /RESP type|Protocol error/i,
    { cause: "the server is not Redis", remedy: "Correct the port; an HTTP or TLS port answers like this." },
  ],
  [/NOAUTH/, { cause: "Redis requires a password", remedy: "Set REDIS_PASSWORD, or use redis://:password@host." }],
  [
    /WRONGPASS|invalid password/,
    { cause: "Redis refuses the user name or password", remedy: "Correct REDIS_USERNAME and REDIS_PASSWORD." },
  ],
  [
    /NOPERM/,
    { cause: "the Redis user lacks a permission", remedy: "Grant the user +@all on the keys of REDIS_PREFIX." },
  ],
  [
    /All sentinels are unreachable/,
    {
      cause: "no sentinel answers with the address of the master",
      remedy: "Check the addresses of the sentinels and the name of the master.",
    },
  ],
  [
    /slots cache/i,
    { cause: "no node answers as a cluster", remedy: "Correct the nodes, or use redis:// for a single server." },
  ],
];

const CLICKHOUSE_FAULTS: readonly [RegExp, Explained][] = [
  [
    /certificate/i,
    {
      cause: "its certificate is not trusted",
      remedy: "Set CLICKHOUSE_CA_FILE to the PEM file of the authority that signed it, or correct the host.",
    },
  ],
  [
    /Authentication failed|password is incorrect|AUTHENTICATION/i,
    {
      cause: "ClickHouse refuses the user name or password",
      remedy: "Correct CLICKHOUSE_USER and CLICKHOUSE_PASSWORD; in a URL, percent-encode '@', ':' and '/'.",
    },
  ],
  [
    /Parse Error|HTTP\/|JSON|Port 9000|socket hang up|ECONNRESET/i,
    {
      cause: "the server does not answer as ClickHouse over HTTP",
      remedy: "Use the HTTP port of ClickHouse, usually 8123, or 8443 with https://.",
    },
  ],
];

function explain(text: string, faults: readonly [RegExp, Explained][]): Explained {
  const known = faults.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  return { cause: text.split("\n", 1)[0]?.slice(0, 200) ?? "", remedy: "Check the address and the server." };
}

/** @param input.text the error of the connection or the server */
export function redisFault(input: { address: string; text: string }): StartFault {
  return new StartFault({
    variable: "REDIS_URL",
    address: input.address,
    ...explain(input.text, [...REDIS_FAULTS, ...CONNECTION_FAULTS]),
  });
}

export function replicaFault(input: { address: string; master: string }): StartFault {
  return new StartFault({
    variable: "REDIS_URL",
    address: input.address,
    cause: "this is a read-only replica",
    remedy: `Use its master ${input.master}, or the sentinels: redis+sentinel://host:26379/master-name.`,
  });
}

/** @param input.text the error of the connection or the server */
export function clickHouseFault(input: { address: string; text: string }): StartFault {
  return new StartFault({
    variable: "CLICKHOUSE_URL",
    address: input.address,
    ...explain(input.text, [...CLICKHOUSE_FAULTS, ...CONNECTION_FAULTS]),
  });
}
