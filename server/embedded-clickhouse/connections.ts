import { Session } from "chdb";

/** Maximum number of idle connections; each takes about 130 kB. */
const MAX_IDLE = 32;

/** 256 MiB, because parameters, such as long lists of ids, are sent as the text of a `SET`. */
const CONNECTION_ARGS = ["--max_query_size=268435456"];

export const connect = (path: string): Session => new Session(path, { connectionArgs: CONNECTION_ARGS });

/**
 * A pool of connections. The engine keeps settings and parameters per connection and cannot unset a parameter, so a
 * connection is reused only for statements with settings and parameters of the same names (`reuseKeyOf`). Connections
 * are not closed after each statement, because `close()` of chdb waits for all running calls.
 */
export interface Connections {
  /** Returns an idle connection with this key, or a new connection. */
  take(reuseKey: string): Session;
  /** Returns a connection to the pool. Only the names of `reuseKey` may be set on the connection. */
  keep(reuseKey: string, session: Session): void;
  close(): void;
}

export function createConnections(path: string): Connections {
  const idle: { reuseKey: string; session: Session }[] = [];
  return {
    take(reuseKey) {
      const found = idle.findLastIndex((one) => one.reuseKey === reuseKey);
      const [one] = found < 0 ? [] : idle.splice(found, 1);
      return one?.session ?? connect(path);
    },
    keep(reuseKey, session) {
      idle.push({ reuseKey, session });
      if (idle.length > MAX_IDLE) idle.shift()?.session.close();
    },
    close() {
      for (const { session } of idle.splice(0)) session.close();
    },
  };
}
