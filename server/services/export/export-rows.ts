import {
  type ExportFormat,
  type ExportTable,
  exportHead,
  exportLine,
  truncatedLine,
} from "~/server/domain/export/lines";

/**
 * Rows of the first page. Few, because the size of the rows is not known yet: an audit entry has 400 bytes to 2 MiB.
 */
const FIRST_PAGE = 100;
/**
 * Intended size of a later page in characters. Its number of rows follows from the size of the previous page's rows.
 */
const PAGE_CHARS = 4_000_000;
/** Below the 1,048,576 rows that a spreadsheet can have. */
const MAX_ROWS = 1_000_000;

/** One page of a list, read by cursor. */
export interface RowPage<Row> {
  items: readonly Row[];
  nextCursor: string | null;
  /** False if the list leaves out rows that match, so that its pages do not have them either. */
  isComplete?: boolean;
}

/**
 * Yields all rows of a list, page by page, as text in the requested format. Reads a page only after the consumer has
 * taken the previous one. If rows that match are missing, because there are more than `maxRows` or the list is
 * incomplete, the export ends with a line that says so.
 */
export async function* exportRows<Row>(input: {
  table: ExportTable<Row>;
  format: ExportFormat;
  zone: string;
  rowId: (row: Row) => string;
  read: (page: { limit: number; cursor: string | undefined }) => Promise<RowPage<Row>>;
  /** Maximum number of rows that are read at once. */
  maxPage?: number;
  maxRows?: number;
}): AsyncGenerator<string> {
  const { table, format, rowId, maxPage = 1000, maxRows = MAX_ROWS } = input;
  let head = exportHead(table, format);
  let limit = FIRST_PAGE;
  let rows = 0;
  // The first page also has rows of the outbox. A later page has a row again if it was recorded meanwhile.
  let firstPageIds: ReadonlySet<string> | null = null;
  for (let cursor: string | undefined; ; ) {
    const page: RowPage<Row> = await input.read({ limit, cursor });
    const unseen: readonly Row[] = page.items.filter((row) => !firstPageIds?.has(rowId(row)));
    firstPageIds ??= new Set(page.items.map(rowId));
    const items = unseen.slice(0, maxRows - rows);
    rows += items.length;
    const text = items.map((row) => exportLine(table, row, input)).join("");
    const isFull = rows >= maxRows && (page.nextCursor !== null || items.length < unseen.length);
    const isLast = page.nextCursor === null || isFull;
    const isTruncated = isFull || (isLast && page.isComplete === false);
    yield head + text + (isTruncated ? truncatedLine(rows, format) : "");
    if (page.nextCursor === null || isFull) return;
    head = "";
    cursor = page.nextCursor;
    const charsEach = Math.max(1, text.length / Math.max(1, items.length));
    limit = Math.max(1, Math.min(maxPage, Math.floor(PAGE_CHARS / charsEach)));
  }
}

/** Splits a list that was read at once into pages. The cursor is the position of the next row. */
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
