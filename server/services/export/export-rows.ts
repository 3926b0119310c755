import {
  type ExportFormat,
  type ExportTable,
  exportHead,
  exportLine,
  truncatedLine,
} from "~/server/domain/export/lines";

/** Rows of the first page. Few, because the size of a row is not known yet. An audit entry has 400 bytes to 2 MiB. */
const FIRST_PAGE = 100;
/** Intended size of a later page, in characters, estimated from the rows of the previous page. */
const PAGE_CHARS = 4_000_000;
/** Below the 1,048,576 rows that a spreadsheet can have. */
const MAX_ROWS = 1_000_000;

/** One page of a list, read by cursor. */
export interface RowPage<Row> {
  items: readonly Row[];
  nextCursor: string | null;
  /** False if the list leaves out matching rows. */
  isComplete?: boolean;
}

/**
 * Yields all rows of a list as text in the requested format. Reads a page after the consumer has taken the previous
 * page. If there are more rows than `maxRows`, or the list is incomplete, the export ends with a line that says so.
 */
export async function* exportRows<Row>(input: {
  table: ExportTable<Row>;
  format: ExportFormat;
  zone: string;
  rowId: (row: Row) => string;
  read: (page: { limit: number; cursor: string | undefined }) => Promise<RowPage<Row>>;
  /** Maximum number of rows of one read. */
  maxPage?: number;
  maxRows?: number;
}): AsyncGenerator<string> {
  const { table, format, rowId, maxPage = 1000, maxRows = MAX_ROWS } = input;
  let head = exportHead(table, format);
  let limit = FIRST_PAGE;
  let rowCount = 0;
  // The first page also has rows of the outbox. A later page has a row again if it was recorded meanwhile.
  let firstPageIds: ReadonlySet<string> | null = null;
  for (let cursor: string | undefined; ; ) {
    const page: RowPage<Row> = await input.read({ limit, cursor });
    const unseen: readonly Row[] = page.items.filter((row) => !firstPageIds?.has(rowId(row)));
    firstPageIds ??= new Set(page.items.map(rowId));
    const items = unseen.slice(0, maxRows - rowCount);
    rowCount += items.length;
    const text = items.map((row) => exportLine(table, row, input)).join("");
    const isFull = rowCount >= maxRows && (page.nextCursor !== null || items.length < unseen.length);
    const isLast = page.nextCursor === null || isFull;
    const isTruncated = isFull || (isLast && page.isComplete === false);
    yield head + text + (isTruncated ? truncatedLine(rowCount, format) : "");
    if (page.nextCursor === null || isFull) return;
    head = "";
    cursor = page.nextCursor;
    const charsEach = Math.max(1, text.length / Math.max(1, items.length));
    limit = Math.max(1, Math.min(maxPage, Math.floor(PAGE_CHARS / charsEach)));
  }
}

/** Splits a list that was read at once into pages. */
export function pagesOf<Row>(list: {
  items: readonly Row[];
  isComplete: boolean;
}): (page: { limit: number; cursor: string | undefined }) => Promise<RowPage<Row>> {
  return async ({ limit, cursor }) => {
    const from = Number(cursor ?? 0);
    const items = list.items.slice(from, from + limit);
    const next = from + items.length;
    return { items, nextCursor: next < list.items.length ? String(next) : null, isComplete: list.isComplete };
  };
}
