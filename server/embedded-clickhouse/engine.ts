import { totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { drainPending, Session } from "chdb";
import { createConcurrencyLimiter } from "./concurrency-limiter";
import { connect, createConnections } from "./connections";
import { type ConnectionState, ID_SETTING, preparationSql, quoted, reuseKeyOf } from "./preparation";

export interface Statement extends ConnectionState {
  sql: string;
  /** The format of the answer if the SQL names none. */
  format: string;
  /** Leaves the state of its connection unchanged: no SET, USE or temporary table. */
  isStateless: boolean;
  /** A read, which may be killed when the client disconnects. */
  isKillable: boolean;
}

export interface Answer {
  bytes: Uint8Array;
  /** Number of rows that were read, from tables or from the file of an INSERT. */
  rows: number;
}

export interface Engine {
  /** Such as "26.7.2.1". */
  readonly version: string;
  readonly timezone: string;
  /** Runs a statement and returns the whole answer. */
  queryAll(statement: Statement, signal: AbortSignal): Promise<Answer>;
  /** Streams the answer of a SELECT. Each chunk is complete, with the header and footer of the format. */
  queryChunks(statement: Statement, signal: AbortSignal): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** Memory limit of the engine. On small machines the limit is half of the memory. */
const MAX_MEMORY_BYTES = 4 * 1024 ** 3;
/** Interval of repeated kills: a kill before the engine has registered the query has no effect. */
const KILL_AGAIN_MS = 250;

/** Opens the data directory for at most `concurrency` calls at once. Throws if the engine refuses it. */
export function openEngine({ path, concurrency }: { path: string; concurrency: number }): Engine {
  // The engine closes the directory with its last connection. This connection keeps it open, and kills queries.
  const keeper = new Session(path, {
    connectionArgs: [
      `--config-file=${fileURLToPath(new URL("./engine.xml", import.meta.url))}`,
      `--max_server_memory_usage=${Math.min(MAX_MEMORY_BYTES, Math.floor(totalmem() / 2))}`,
      // Load all tables before the first query.
      "--async_load_databases=0",
    ],
  });
  const [version = "", timezone = ""] = keeper.query("SELECT version(), timezone()", "TSV").trim().split("\t");
  const connections = createConnections(path);
  const limiter = createConcurrencyLimiter(concurrency);

  async function lend(statement: Statement) {
    const reuseKey = reuseKeyOf(statement);
    const session = reuseKey === null ? connect(path) : connections.take(reuseKey);
    try {
      await limiter.run(() => session.queryAsync(preparationSql(statement)));
    } catch (error) {
      session.close();
      throw error;
    }
    const giveBack = (isFinished: boolean) => {
      if (isFinished && statement.isStateless && reuseKey !== null) connections.keep(reuseKey, session);
      else session.close();
    };
    return { session, giveBack };
  }

  /** Calls the engine. A call cannot be aborted, so an abort kills the query over another connection. */
  function call<T>(statement: Statement, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    if (!statement.isKillable) return limiter.run(task);
    return limiter.run(async () => {
      signal.throwIfAborted();
      let timer: NodeJS.Timeout | undefined;
      const kill = () => {
        const named = `Settings['${ID_SETTING}'] = ${quoted(statement.queryId)}`;
        // If the kill fails, the query runs to its end.
        keeper.queryAsync(`KILL QUERY WHERE ${named} ASYNC`).catch(() => {});
      };
      const onAbort = () => {
        kill();
        timer = setInterval(kill, KILL_AGAIN_MS);
      };
      signal.addEventListener("abort", onAbort);
      try {
        return await task();
      } finally {
        signal.removeEventListener("abort", onAbort);
        clearInterval(timer);
      }
    });
  }

  return {
    version,
    timezone,
    async queryAll(statement, signal) {
      const { session, giveBack } = await lend(statement);
      let isFinished = false;
      try {
        const { sql, format } = statement;
        const result = await call(statement, signal, () => session.queryAsync(sql, { format }));
        isFinished = true;
        return { bytes: result.bytes(), rows: result.rowsRead };
      } finally {
        giveBack(isFinished);
      }
    },
    async *queryChunks(statement, signal) {
      const { session, giveBack } = await lend(statement);
      let isFinished = false;
      try {
        const stream = session.queryStream(statement.sql, { format: statement.format });
        const iterator = stream[Symbol.asyncIterator]();
        try {
          for (;;) {
            const next = await call(statement, signal, () => iterator.next());
            if (next.done) break;
            yield next.value.raw();
          }
          isFinished = true;
        } finally {
          if (!stream.closed) stream.cancel();
        }
      } finally {
        giveBack(isFinished);
      }
    },
    async close() {
      await drainPending();
      connections.close();
      keeper.close();
      await drainPending();
    },
  };
}
