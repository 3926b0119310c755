import { z } from "zod";
import { parseStoredHeaders, storedHeaders } from "~/server/domain/message-headers";
import { epochMs, stamp, stampOrNull } from "./time-columns";

/** How a column's values are read and written. */
export interface Codec<T> {
  readonly read: z.ZodType<T>;
  /** Absent if values are written unchanged. */
  readonly write?: (value: T) => unknown;
  /** Set for a DateTime64 column, which is selected as epoch ms. */
  readonly isTime?: true;
  /** The SQL expression that lists select instead of the column, whose values may be large. */
  readonly listPlaceholder?: string;
}

export type Column<T> = readonly [column: string, codec: Codec<T>];
export type Columns<Row> = {
  readonly [Field in keyof Row]-?: Column<Row[Field]> | Columns<Row[Field]>;
};

/** Reads values with the schema, and writes them unchanged. */
export const validated = <T>(read: z.ZodType<T>): Codec<T> => ({ read });
export const text = validated(z.string());
export const textOrNull = validated(z.string().nullable());
export const texts = validated(z.array(z.string()));
export const flag = validated(z.boolean());
export const count = validated(z.int().nonnegative());
export const countOrNull = validated(z.int().nonnegative().nullable());
export const time: Codec<number> = { read: z.int(), write: stamp, isTime: true };
export const timeOrNull: Codec<number | null> = { read: z.int().nullable(), write: stampOrNull, isTime: true };
export const payload: Codec<string> = { ...text, listPlaceholder: "''" };
export const headers = {
  listPlaceholder: "CAST(map(), 'Map(String, String)')",
  read: z.record(z.string(), z.string()).transform(parseStoredHeaders),
  write: storedHeaders,
} as const;

export interface ColumnTable<Row> {
  /**
   * The columns to select for `row`. Times are selected as `<column>_ms`: an alias with the column's own name would
   * replace the column in the rest of the query.
   */
  readonly selected: string;
  /** Like `selected`, with placeholders for columns that may be large. */
  readonly listed: string;
  readonly row: z.ZodType<Row>;
  readonly columns: readonly string[];
  /** The values to insert, in the order of `columns`. */
  write(row: Row): unknown[];
}

export function columnTable<Row extends object>(columns: Columns<Row>): ColumnTable<Row> {
  const leaves = leavesOf(columns as unknown as Tree);
  const shape = Object.fromEntries(leaves.map(({ name, codec }) => [name, codec.read]));
  const read = compileReader(columns as unknown as Tree);
  const selection = ({ column, codec, name }: Leaf) => (codec.isTime ? `${epochMs(column)} AS ${name}` : column);
  return {
    selected: leaves.map(selection).join(", "),
    listed: leaves
      .map((leaf) => (leaf.codec.listPlaceholder ? `${leaf.codec.listPlaceholder} AS ${leaf.name}` : selection(leaf)))
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
 * Reader and writer are compiled to JavaScript functions. Reading properties by computed names is three to five times
 * slower, and each row has about fifty fields.
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
