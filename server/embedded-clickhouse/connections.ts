import { Session } from "chdb";

/** Idle connections kept: each is about 130 kB. */
const MAX_IDLE = 32;

/** Parameters are text of a `SET` here, and a list of ids may be long. */
const CONNECTION_ARGS = ["--max_query_size=268435456"];

/** A connection to the engine that `path` is open in. */
export const connect = (path: string): Session => new Session(path, { connectionArgs: CONNECTION_ARGS });

/**
 * The engine keeps settings, parameters and the current database by connection, with no way to unset a parameter. So a
 * connection is used by one statement at a time, and used again only by one that sets exactly the same names (`trace`):
 * nothing of an earlier request can show through. Reuse matters because the package's `close()` waits for every call
 * that is running anywhere: beside one long query, a connection per statement would pile up by the thousand.
 */
export interface Connections {
  take(trace: string): Session;
  /** Gives back a connection that bears no trace but the one named. */
  keep(trace: string, session: Session): void;
  close(): void;
}

export function createConnections(path: string): Connections {
  const idle: { trace: string; session: Session }[] = [];
  return {
    take(trace) {
      const found = idle.findLastIndex((one) => one.trace === trace);
      const [one] = found < 0 ? [] : idle.splice(found, 1);
      return one?.session ?? connect(path);
    },
    keep(trace, session) {
      idle.push({ trace, session });
      if (idle.length > MAX_IDLE) idle.shift()?.session.close();
    },
    close() {
      for (const { session } of idle.splice(0)) session.close();
    },
  };
}
