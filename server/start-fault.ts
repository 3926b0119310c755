/**
 * Why the product cannot start, in one line: the variable, the address without its password, the cause and the remedy.
 * Printed without a stack, because the code is not at fault.
 */
export class StartFault extends Error {
  constructor(input: { variable: string; address: string; cause: string; remedy: string }) {
    super(`${input.variable} ${input.address}: ${input.cause}. ${input.remedy}`);
    this.name = "StartFault";
  }
}

type Explained = { cause: string; remedy: string };

/** Explanations of connection errors by their text. */
const CONNECTION_FAULTS: readonly [RegExp, Explained][] = [
  [/ECONNREFUSED/, { cause: "nothing listens there", remedy: "Start the server, or correct host and port." }],
  [/ENOTFOUND|EAI_AGAIN/, { cause: "the host has no address", remedy: "Correct the host name." }],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|timed out|timeout/i,
    {
      cause: "no answer in time",
      remedy: "Check host, port, firewall, and whether the server asks for TLS or must not.",
    },
  ],
  [
    /CERT|certificate|altname/i,
    { cause: "its certificate is not trusted", remedy: "Name the authority that signed it, or correct the host." },
  ],
  [
    /wrong version number|EPROTO|ssl3|tls/i,
    { cause: "it does not speak TLS as asked", remedy: "Use the URL without TLS, or the server's TLS port." },
  ],
];

const REDIS_FAULTS: readonly [RegExp, Explained][] = [
  [
    /RESP type|Protocol error/i,
    { cause: "what listens there is not Redis", remedy: "Correct the port; a port of HTTP or TLS answers like this." },
  ],
  [/NOAUTH/, { cause: "Redis asks for a password", remedy: "Give it: REDIS_PASSWORD, or redis://:password@host." }],
  [
    /WRONGPASS|invalid password/,
    { cause: "Redis refuses user or password", remedy: "Correct REDIS_USERNAME and REDIS_PASSWORD." },
  ],
  [/NOPERM/, { cause: "the user lacks a right", remedy: "Grant the user +@all on the keys of REDIS_PREFIX." }],
  [
    /All sentinels are unreachable/,
    { cause: "no sentinel knows the master", remedy: "Check the sentinels' addresses and the master's name." },
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
      remedy: "CLICKHOUSE_CA_FILE: name the PEM file of the authority that signed it, or correct the host.",
    },
  ],
  [
    /Authentication failed|password is incorrect|AUTHENTICATION/i,
    {
      cause: "ClickHouse refuses user or password",
      remedy: "Correct CLICKHOUSE_USER and CLICKHOUSE_PASSWORD; in a URL, '@', ':' and '/' are percent-encoded.",
    },
  ],
  [
    /Parse Error|HTTP\/|JSON|Port 9000|socket hang up|ECONNRESET/i,
    {
      cause: "what listens there does not speak ClickHouse's HTTP",
      remedy: "Use its HTTP port, usually 8123, or 8443 with https://.",
    },
  ],
];

function explain(text: string, faults: readonly [RegExp, Explained][]): Explained {
  const known = faults.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  return { cause: text.split("\n", 1)[0]?.slice(0, 200) ?? "", remedy: "Check address and server." };
}

/** The fault of an unusable Redis. `text`: the error of the connection or the server. */
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
    cause: "it is a read-only replica",
    remedy: `Name its master ${input.master}, or the sentinels: redis+sentinel://host:26379/master-name.`,
  });
}

/** The fault of an unusable ClickHouse. `text`: as for `redisFault`. */
export function clickHouseFault(input: { address: string; text: string }): StartFault {
  return new StartFault({
    variable: "CLICKHOUSE_URL",
    address: input.address,
    ...explain(input.text, [...CLICKHOUSE_FAULTS, ...CONNECTION_FAULTS]),
  });
}
