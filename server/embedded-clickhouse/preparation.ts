import { Refusal } from "./errors";

/** The state that a connection needs before the statement runs. */
export interface Circumstances {
  database: string;
  /** `{name:Type}` parameters, escaped as for ClickHouse's HTTP interface. */
  params: ReadonlyMap<string, string>;
  settings: ReadonlyMap<string, string>;
  /** As for a GET in ClickHouse: only reads, and settings of the query. */
  isReadOnly: boolean;
  queryId: string;
}

/**
 * Set for every statement. The engine is built for the command line, where `1 + 1` is a query. Asynchronous inserts
 * would be acknowledged before they are written.
 */
const ALWAYS: ReadonlyMap<string, string> = new Map([
  ["implicit_select", "0"],
  ["async_insert", "0"],
]);

/** The setting that carries the query's id, by which a kill finds it: the engine assigns an id of its own. */
export const ID_SETTING = "log_comment";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A string literal of ClickHouse's SQL. */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

function checked(name: string): string {
  if (!NAME.test(name)) throw new Refusal(36, "BAD_ARGUMENTS", `${quoted(name)} is not a valid name.`);
  return name;
}

/** The `USE` and `SET` statements for `of`. Values are quoted and names checked, so that neither is read as SQL. */
export function preparationSql(of: Circumstances): string {
  const settings = new Map([...of.settings, ...ALWAYS, [ID_SETTING, of.queryId]]);
  const sets = [
    ...[...settings].map(([name, value]) => `${checked(name)} = ${quoted(value)}`),
    ...[...of.params].map(([name, value]) => `param_${checked(name)} = ${quoted(value)}`),
  ];
  const use = `USE \`${of.database.replace(/[\\`]/g, "\\$&")}\``;
  return [use, `SET ${sets.join(", ")}`, ...(of.isReadOnly ? ["SET readonly = 2"] : [])].join("; ");
}

/** The names that `preparationSql` leaves set on a connection; null if the connection cannot be reused. */
export function traceOf(of: Circumstances): string | null {
  if (of.isReadOnly || of.settings.has("readonly")) return null;
  return JSON.stringify([[...of.settings.keys()].sort(), [...of.params.keys()].sort()]);
}
