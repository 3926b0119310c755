export interface RedisNode {
  host: string;
  port: number;
}

interface Access {
  /** `rediss`: TLS to every server. */
  tls: boolean;
  username: string | null;
  password: string | null;
}

export type RedisTarget =
  | (Access & { kind: "single"; node: RedisNode; db: number })
  | (Access & { kind: "sentinel"; sentinels: RedisNode[]; name: string; db: number })
  | (Access & { kind: "cluster"; nodes: RedisNode[] });

const URL_SHAPE = /^(redis|rediss)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(\/[^?#]*)?$/;
const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;

/** Examples of the forms that `parseRedisUrl` reads. */
export const REDIS_URL_FORMS =
  "redis://host:6379/0, rediss://user:password@host:6379, redis+sentinel://host1:26379,host2:26379/master-name/0 or " +
  "redis+cluster://host1:6379,host2:6379";

/**
 * Parses a Redis URL: `redis` or `rediss` (TLS) for one server, with `+sentinel` or `+cluster` for several. User and
 * password are percent-encoded.
 * @throws Error with a message that continues the name of the setting ("must be a URL…"), without the password.
 */
export function parseRedisUrl(text: string): RedisTarget {
  const parts = URL_SHAPE.exec(text);
  if (!parts)
    throw new Error(
      `must be a URL such as ${REDIS_URL_FORMS}; '@', '/', '?' and '#' in a password must be percent-encoded`,
    );
  const [, scheme, topology, credentials, hosts = "", path = ""] = parts;
  const access = { tls: scheme === "rediss", ...parseCredentials(credentials) };
  const segments = path.split("/").slice(1).map(decode);
  if (topology === "cluster") {
    if (segments.some((segment) => segment !== "" && segment !== "0"))
      throw new Error("selects a database, but a Redis Cluster has database 0 only");
    return { kind: "cluster", ...access, nodes: parseNodes(hosts, DEFAULT_PORT) };
  }
  if (topology === "sentinel") {
    const [name = "", db = ""] = segments;
    if (name === "")
      throw new Error("needs the master's name after the sentinels, as in redis+sentinel://host:26379/mymaster");
    return { kind: "sentinel", ...access, sentinels: parseNodes(hosts, DEFAULT_SENTINEL_PORT), name, db: parseDb(db) };
  }
  const [node, ...others] = parseNodes(hosts, DEFAULT_PORT);
  if (!node || others.length > 0) throw new Error("has several servers: write redis+cluster:// or redis+sentinel://");
  return { kind: "single", ...access, node, db: parseDb(segments[0] ?? "") };
}

/** The URL for logs and errors, without user and password. */
export function describeTarget(target: RedisTarget): string {
  const scheme = target.tls ? "rediss" : "redis";
  const list = (nodes: readonly RedisNode[]) => nodes.map(({ host, port }) => `${host}:${port}`).join(",");
  switch (target.kind) {
    case "single":
      return `${scheme}://${list([target.node])}/${target.db}`;
    case "sentinel":
      return `${scheme}+sentinel://${list(target.sentinels)}/${target.name}/${target.db}`;
    case "cluster":
      return `${scheme}+cluster://${list(target.nodes)}`;
  }
}

function parseCredentials(text: string | undefined): Pick<Access, "username" | "password"> {
  if (!text) return { username: null, password: null };
  const colon = text.indexOf(":");
  const [user, password] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  return { username: decode(user) || null, password: decode(password) || null };
}

function parseNodes(text: string, defaultPort: number): RedisNode[] {
  return text.split(",").map((one) => {
    // With the http scheme, URL checks and lower-cases the host, but drops port 80, so the port is read below.
    const url = URL.canParse(`http://${one}/`) ? new URL(`http://${one}/`) : null;
    if (!url || one === "") throw new Error(`has "${one}" where a host:port is expected`);
    const port = /:(\d+)$/.exec(one)?.[1];
    return { host: url.hostname.replace(/^\[|\]$/g, ""), port: port === undefined ? defaultPort : Number(port) };
  });
}

function parseDb(text: string): number {
  if (!/^\d{0,5}$/.test(text)) throw new Error(`has "${text}" where a database number is expected`);
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("has a '%' that does not begin a valid percent-encoding: write %25 for the character itself");
  }
}
