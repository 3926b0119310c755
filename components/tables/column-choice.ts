import type { Column } from "./column";

/** The order and the visibility of a list's columns, as chosen in one browser. */
export type ColumnChoice = readonly { id: string; isHidden: boolean }[];

export type ColumnList = "schedules" | "executions" | "schedule-executions" | "dead-letters" | "audit";

/** Widths in px by column id. A column without an entry is as wide as its content needs. */
export type ColumnWidths = ReadonlyMap<string, number>;

interface ListColumns {
  choice: ColumnChoice;
  widths: ColumnWidths;
}

/*
 * The columns of all lists in one text, for a cookie: `schedules:cadence.-tier~name.320*executions:trigger`. A hidden
 * column has a minus in front. Widths follow the tilde, each as id and px.
 */

function readLists(text: string): Map<string, ListColumns> {
  const lists = new Map<string, ListColumns>();
  for (const part of text.split("*")) {
    const [list, columns] = part.split(":", 2);
    if (!list || !columns) continue;
    const [ids = "", ...widths] = columns.split("~");
    const listedIds = ids.split(".").filter((id) => id !== "");
    lists.set(list, {
      choice: listedIds.map((id) => ({ id: id.replace(/^-/, ""), isHidden: id.startsWith("-") })),
      widths: new Map(widths.flatMap(readWidth)),
    });
  }
  return lists;
}

function readWidth(text: string): [string, number][] {
  const [id, px] = text.split(".");
  return id && px && /^\d{1,4}$/.test(px) ? [[id, Number(px)]] : [];
}

function writeLists(lists: ReadonlyMap<string, ListColumns>): string {
  return [...lists]
    .filter(([, { choice, widths }]) => choice.length + widths.size > 0)
    .map(([name, { choice, widths }]) => {
      const ids = choice.map(({ id, isHidden }) => `${isHidden ? "-" : ""}${id}`).join(".");
      return `${name}:${ids}${[...widths].map(([id, px]) => `~${id}.${px}`).join("")}`;
    })
    .join("*");
}

const NO_COLUMNS: ListColumns = { choice: [], widths: new Map() };

/** Returns the text with `choice` for `list`. Null resets the columns and their widths. */
export function withChoice(text: string, list: ColumnList, choice: ColumnChoice | null): string {
  const lists = readLists(text);
  if (choice === null) lists.delete(list);
  else lists.set(list, { ...(lists.get(list) ?? NO_COLUMNS), choice });
  return writeLists(lists);
}

export const widthsOf = (text: string, list: ColumnList): ColumnWidths =>
  (readLists(text).get(list) ?? NO_COLUMNS).widths;

/** Returns the text with `px` as the width of a column. Null resets the width. */
export function withWidth(text: string, list: ColumnList, { id, px }: { id: string; px: number | null }): string {
  const lists = readLists(text);
  const columns = lists.get(list) ?? NO_COLUMNS;
  const widths = new Map(columns.widths);
  if (px === null) widths.delete(id);
  else widths.set(id, px);
  return writeLists(lists.set(list, { ...columns, widths }));
}

/** The columns of the row's name and of its buttons cannot be hidden or moved. */
const isFixed = <Row>(column: Column<Row>) => Boolean(column.rowHeader || column.hideHeader);

/**
 * The columns that can be chosen, in the order of the choice in `text`. Columns that are newer than the choice keep
 * their default place.
 */
export function choiceOf<Row>(columns: readonly Column<Row>[], text: string, list: ColumnList): ColumnChoice {
  const free = columns.filter((column) => !isFixed(column)).map(({ id }) => id);
  const chosen = (readLists(text).get(list) ?? NO_COLUMNS).choice.filter(
    ({ id }, index, all) => free.includes(id) && all.findIndex((one) => one.id === id) === index,
  );
  const choice = [...chosen];
  for (const [index, id] of free.entries()) {
    if (chosen.some((one) => one.id === id)) continue;
    const previous = choice.findIndex((one) => one.id === free[index - 1]);
    choice.splice(index === 0 ? 0 : previous + 1, 0, { id, isHidden: false });
  }
  return choice;
}

/** The columns that are shown, in their order. */
export function chosenColumns<Row>(columns: readonly Column<Row>[], choice: ColumnChoice): Column<Row>[] {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const free = choice.flatMap(({ id, isHidden }) => (isHidden ? [] : (byId.get(id) ?? [])));
  const firstFree = columns.findIndex((column) => !isFixed(column));
  const fixed = (from: number, to?: number) => columns.slice(from, to).filter(isFixed);
  return firstFree === -1 ? [...columns] : [...fixed(0, firstFree), ...free, ...fixed(firstFree)];
}

/** The choice with a column moved by one place, up or down; unchanged at an end. */
export function moved(choice: ColumnChoice, id: string, by: -1 | 1): ColumnChoice {
  const from = choice.findIndex((one) => one.id === id);
  const to = from + by;
  const column = choice[from];
  if (column === undefined || to < 0 || to >= choice.length) return choice;
  return choice.toSpliced(from, 1).toSpliced(to, 0, column);
}
