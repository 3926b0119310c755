import { Session } from "chdb";

/*
 * One statement, one connection. The engine keeps settings, parameters and the current database by connection, and opening
 * one costs less than a millisecond, so a statement gets its own and nothing leaks from one request into another.
 */

export interface Statement {
  sql: string;
  /** What follows an INSERT, in the format that the SQL names last; null for anything else. */
  data: Buffer | null;
  /** Used where the SQL names none. */
  format: string;
  database: string;
  /** `{name:Type}` parameters, escaped as ClickHouse's HTTP interface takes them. */
  params: ReadonlyMap<string, string>;
  settings: ReadonlyMap<string, string>;
}

export interface Engine {
  /** Runs a statement that answers nothing or little: INSERT, DDL, SET. */
  execute(statement: Statement): Promise<Uint8Array>;
  /** The result in chunks; stops computing when the reader stops. */
  read(statement: Statement): AsyncGenerator<Uint8Array>;
  close(): void;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name that is no identifier would be the caller's SQL; ClickHouse refuses it too. */
function identifier(name: string): string {
  if (!IDENTIFIER.test(name))
    throw new Error(`Code: 36. DB::Exception: "${name}" is not a valid name. (BAD_ARGUMENTS)`);
  return name;
}

const quoted = (text: string) => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;

const CONNECTION_ARGS = [
  // Databases load before the first answer, so a client never meets a table that is "not there yet".
  "--async_load_databases=0",
  // Parameters are text of a SET here, and a list of ids may be long.
  "--max_query_size=268435456",
];

/** Opens the data directory; throws when the engine refuses it. */
export function openEngine(path: string): Engine {
  const connect = () => new Session(path, { connectionArgs: CONNECTION_ARGS });
  // The engine unloads the directory with its last connection; this one holds it open.
  const keeper = connect();

  async function prepared(statement: Statement): Promise<Session> {
    const session = connect();
    try {
      for (const sql of preparation(statement)) await session.queryAsync(sql);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  return {
    async execute(statement) {
      const session = await prepared(statement);
      try {
        const { data, sql, format } = statement;
        // Inline, as the native protocol's clients send it: the engine parses the bytes itself.
        const text = data === null ? sql : `${sql}\n${data.toString("utf8")}`;
        return (await session.queryAsync(text, { format })).bytes();
      } finally {
        session.close();
      }
    },
    async *read(statement) {
      const session = await prepared(statement);
      const stream = session.queryStream(statement.sql, { format: statement.format });
      try {
        for await (const chunk of stream) yield chunk.raw();
      } finally {
        if (!stream.closed) stream.cancel();
        session.close();
      }
    },
    close() {
      keeper.close();
    },
  };
}

function preparation(statement: Statement): string[] {
  const sets = [
    ...[...statement.settings].map(([name, value]) => `${identifier(name)} = ${quoted(value)}`),
    ...[...statement.params].map(([name, value]) => `param_${identifier(name)} = ${quoted(value)}`),
  ];
  const use = statement.database === "default" ? [] : [`USE ${identifier(statement.database)}`];
  return sets.length > 0 ? [...use, `SET ${sets.join(", ")}`] : use;
}
