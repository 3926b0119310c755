import { LATEST_MS } from "../instant";
import { localTime } from "../recurrence";
import { wireField } from "../wire";

export const EXPORT_FORMATS = ["ndjson", "csv"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The columns of an export. */
export interface ExportTable<Row> {
  fields: readonly (keyof Row & string)[];
  /** The fields with ISO times. Each becomes two columns: in UTC and in the zone of the export. */
  times: ReadonlySet<keyof Row & string>;
}

interface Style {
  format: ExportFormat;
  /** The zone of the local times. */
  zone: string;
}

/** The first line of an export: the column names for CSV, nothing for NDJSON. */
export function exportHead<Row>(table: ExportTable<Row>, format: ExportFormat): string {
  return format === "csv" ? csvLine(columnsOf(table).names) : "";
}

/** A row as one line. Each time is in UTC and in the zone. In NDJSON, all other values are unchanged. */
export function exportLine<Row>(table: ExportTable<Row>, row: Row, { format, zone }: Style): string {
  const { names, firstTime } = columnsOf(table);
  const values = table.fields.flatMap((field, index) => {
    const value: unknown = row[field];
    if (!table.times.has(field)) return [value];
    return [value, localOf(value, zone), ...(index === firstTime ? [zone] : [])];
  });
  if (format === "csv") return csvLine(values);
  return `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, values[index]])))}\n`;
}

/** The last line of an export that was truncated after `rows` rows. */
export function truncatedLine(rows: number, format: ExportFormat): string {
  if (format === "ndjson") return `${JSON.stringify({ truncated: true, rows })}\n`;
  return csvLine([`truncated after ${rows} rows: more rows match`]);
}

interface Columns {
  names: readonly string[];
  /** The index of the first time field, which the column with the name of the zone follows. */
  firstTime: number;
}

/** Caches the columns of each table, because an export may have a million rows. */
const columnsByTable = new WeakMap<object, Columns>();

function columnsOf<Row>(table: ExportTable<Row>): Columns {
  const cached = columnsByTable.get(table);
  if (cached) return cached;
  const { fields, times } = table;
  const firstTime = fields.findIndex((field) => times.has(field));
  const names = fields.flatMap((field, index) => {
    const name = wireField([field]);
    if (!times.has(field)) return [name];
    return [`${name}_utc`, `${name}_local`, ...(index === firstTime ? ["zone"] : [])];
  });
  const columns = { names, firstTime };
  columnsByTable.set(table, columns);
  return columns;
}

function localOf(value: unknown, zone: string): string | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  // A time outside of the range of the zones must not end the export.
  return Math.abs(ms) <= LATEST_MS ? localTime(zone, ms) : null;
}

const csvLine = (values: readonly unknown[]) => `${values.map(csvCell).join(",")}\r\n`;

/** A text that a spreadsheet may run as a formula; some of the characters also have full-width forms. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A cell according to RFC 4180. Text that may be run as a formula gets an apostrophe in front; numbers do not. */
function csvCell(value: unknown): string {
  const text = cellText(value);
  const safe = typeof value !== "number" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join("; ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
