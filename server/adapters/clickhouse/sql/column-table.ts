import { z } from "zod";
import { parseStoredHeaders, storedHeaders } from "~/server/domain/message-headers";
import { epochMs, stamp, stampOrNull } from "./time-columns";

/** How the values of a column are checked and read, and written. */
export interface Codec<T> {
  readonly read: z.ZodType<T>;
  /** Absent where a value is written as it is. */
  readonly write?: (value: T) => unknown;
  /** A DateTime64, which is selected as epoch ms. */
  readonly isTime?: true;
}

export type Column<T> = readonly [column: string, codec: Codec<T>];
/** The columns of a row type, in its own shape: a field without its column is a type error. */
export type Columns<Row> = {
  readonly [Field in keyof Row]-?: Column<Row[Field]> | Columns<Row[Field]>;
};

/** Written as it is read; for a closed set, its schema. */
export const as = <T>(read: z.ZodType<T>): Codec<T> => ({ read });
export const text = as(z.string());
export const textOrNull = as(z.string().nullable());
export const texts = as(z.array(z.string()));
export const flag = as(z.boolean());
export const count = as(z.int().nonnegative());
export const countOrNull = as(z.int().nonnegative().nullable());
export const time: Codec<number> = { read: z.int(), write: stamp, isTime: true };
export const timeOrNull: Codec<number | null> = { read: z.int().nullable(), write: stampOrNull, isTime: true };
export const headers = {
  read: z.record(z.string(), z.string()).transform(parseStoredHeaders),
  write: storedHeaders,
} as const;

export interface ColumnTable<Row> {
  /** What to select for `row`. Times have a name of their own, so that no alias hides a column. */
  readonly selected: string;
  /** A selected row, read as what it stands for. */
  readonly row: z.ZodType<Row>;
  /** The columns to insert. */
  readonly columns: readonly string[];
  /** Values to insert, in the order of `columns`. */
  write(row: Row): unknown[];
}

/** Reads and writes the rows of one table by the one list of its columns. */
export function columnTable<Row extends object>(columns: Columns<Row>): ColumnTable<Row> {
  const leaves = leavesOf(columns as unknown as Tree);
  const shape = Object.fromEntries(leaves.map(({ name, codec }) => [name, codec.read]));
  const read = compileReader(columns as unknown as Tree);
  return {
    selected: leaves
      .map(({ column, codec, name }) => (codec.isTime ? `${epochMs(column)} AS ${name}` : column))
      .join(", "),
    row: z.object(shape).transform((values) => read(values) as Row),
    columns: leaves.map(({ column }) => column),
    write: compileWriter(leaves),
  };
}

interface Tree {
  readonly [field: string]: Column<unknown> | Tree;
}

interface Leaf {
  readonly path: readonly string[];
  readonly column: string;
  /** What the value is selected as. */
  readonly name: string;
  readonly codec: Codec<unknown>;
}

const isColumn = (entry: Column<unknown> | Tree): entry is Column<unknown> => Array.isArray(entry);
const selectedName = ([column, codec]: Column<unknown>) => (codec.isTime ? `${column}_ms` : column);

function leavesOf(tree: Tree, above: readonly string[] = []): Leaf[] {
  return Object.entries(tree).flatMap(([field, entry]): Leaf[] => {
    const path = [...above, field];
    if (!isColumn(entry)) return leavesOf(entry, path);
    const [column, codec] = entry;
    return [{ path, column, name: selectedName(entry), codec }];
  });
}

/*
 * Both ways are compiled from the table, as zod compiles its objects: fields looked up by variable names take three to
 * five times as long, and each row of a batch has some fifty.
 */

function compileWriter(leaves: readonly Leaf[]): (row: object) => unknown[] {
  const writers = leaves.map(({ codec }) => codec.write);
  const values = leaves.map(({ path, codec }, index) => {
    const value = `row${path.map((field) => `[${JSON.stringify(field)}]`).join("")}`;
    return codec.write ? `writers[${index}](${value})` : value;
  });
  return new Function("writers", `return (row) => [${values.join(", ")}]`)(writers);
}

function compileReader(tree: Tree): (values: object) => object {
  const literal = (part: Tree): string => {
    const fields = Object.entries(part).map(([field, entry]) => {
      const value = isColumn(entry) ? `values[${JSON.stringify(selectedName(entry))}]` : literal(entry);
      return `${JSON.stringify(field)}: ${value}`;
    });
    return `{ ${fields.join(", ")} }`;
  };
  return new Function(`return (values) => (${literal(tree)})`)();
}
