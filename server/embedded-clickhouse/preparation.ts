import { Refusal } from "./errors";

/** What the connection must be told before the statement runs. */
export interface Circumstances {
  database: string;
  /** `{name:Type}` parameters, escaped as ClickHouse's HTTP interface takes them. */
  params: ReadonlyMap<string, string>;
  settings: ReadonlyMap<string, string>;
  /** As for a GET in ClickHouse: reads, and settings of the query's own. */
  isReadOnly: boolean;
  queryId: string;
}

/**
 * Set for every statement. The engine is built for the command line, where `1 + 1` is a query; and rows that are
 * acknowledged before they are written would be lost with the process.
 */
const ALWAYS: ReadonlyMap<string, string> = new Map([
  ["implicit_select", "0"],
  ["async_insert", "0"],
]);

/** Carries the query's id: the engine chooses its own, and this is where a kill finds the query again. */
export const ID_SETTING = "log_comment";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A string literal of ClickHouse's SQL. */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

function checked(name: string): string {
  if (!NAME.test(name)) throw new Refusal(36, "BAD_ARGUMENTS", `${quoted(name)} is not a valid name.`);
  return name;
}

/** The `USE` and `SET` that make `of` true. Values are quoted, names checked: none of them is ever read as SQL. */
export function preparationSql(of: Circumstances): string {
  const settings = new Map([...of.settings, ...ALWAYS, [ID_SETTING, of.queryId]]);
  const sets = [
    ...[...settings].map(([name, value]) => `${checked(name)} = ${quoted(value)}`),
    ...[...of.params].map(([name, value]) => `param_${checked(name)} = ${quoted(value)}`),
  ];
  const use = `USE \`${of.database.replace(/[\\`]/g, "\\$&")}\``;
  return [use, `SET ${sets.join(", ")}`, ...(of.isReadOnly ? ["SET readonly = 2"] : [])].join("; ");
}

/** The names that `preparationSql` leaves set on a connection; null if the connection can't be set again. */
export function traceOf(of: Circumstances): string | null {
  if (of.isReadOnly || of.settings.has("readonly")) return null;
  return JSON.stringify([[...of.settings.keys()].sort(), [...of.params.keys()].sort()]);
}
