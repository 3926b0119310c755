import { Refusal } from "./errors";

/** The state that a connection needs before the statement runs. */
export interface ConnectionState {
  database: string;
  /** `{name:Type}` parameters, escaped for ClickHouse's HTTP interface. */
  params: ReadonlyMap<string, string>;
  settings: ReadonlyMap<string, string>;
  /** Allows only reads and settings of the query, like a GET in ClickHouse. */
  isReadOnly: boolean;
  queryId: string;
}

/**
 * Settings of every statement. With `implicit_select`, `1 + 1` would be a query. Asynchronous inserts would be
 * acknowledged before they are written.
 */
const FIXED_SETTINGS: ReadonlyMap<string, string> = new Map([
  ["implicit_select", "0"],
  ["async_insert", "0"],
]);

/** The setting that contains the query's id, for kills. The engine itself assigns another id. */
export const ID_SETTING = "log_comment";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

function requireName(name: string): string {
  if (!NAME.test(name)) throw new Refusal(36, "BAD_ARGUMENTS", `${quoted(name)} is not a valid name.`);
  return name;
}

/**
 * The `USE` and `SET` statements that give a connection this state. Quotes values and checks names, so that they are
 * not parsed as SQL.
 */
export function preparationSql(state: ConnectionState): string {
  const settings = new Map([...state.settings, ...FIXED_SETTINGS, [ID_SETTING, state.queryId]]);
  const sets = [
    ...[...settings].map(([name, value]) => `${requireName(name)} = ${quoted(value)}`),
    ...[...state.params].map(([name, value]) => `param_${requireName(name)} = ${quoted(value)}`),
  ];
  const use = `USE \`${state.database.replace(/[\\`]/g, "\\$&")}\``;
  return [use, `SET ${sets.join(", ")}`, ...(state.isReadOnly ? ["SET readonly = 2"] : [])].join("; ");
}

/**
 * The names that `preparationSql` sets on a connection, as the key by which the connection is reused. Null if the
 * connection cannot be reused.
 */
export function reuseKeyOf(state: ConnectionState): string | null {
  if (state.isReadOnly || state.settings.has("readonly")) return null;
  return JSON.stringify([[...state.settings.keys()].sort(), [...state.params.keys()].sort()]);
}
