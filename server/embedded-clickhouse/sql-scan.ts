/** A token of SQL. A `mark` is a single character that is not part of a word or quoted token. */
export interface Token {
  kind: "word" | "quoted" | "mark";
  text: string;
  start: number;
  end: number;
}

const SPACE = /\s+/y;
const WORD = /[\p{L}\p{N}_]+/uy;
const HEREDOC = /\$\w*\$/y;

/** The tokens of ClickHouse's SQL without white space and comments. Scans only as far as the caller reads. */
export function* tokensOf(sql: string): Generator<Token> {
  let at = 0;
  while (at < sql.length) {
    const skipped = endOfSpace(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const quote = sql[at] === "'" || sql[at] === '"' || sql[at] === "`";
    const word = quote ? -1 : endOfMatch(WORD, sql, at);
    const heredoc = sql[at] === "$" ? endOfMatch(HEREDOC, sql, at) : -1;
    const kind = quote || heredoc > 0 ? "quoted" : word > 0 ? "word" : "mark";
    let end = at + 1;
    if (quote) end = endOfQuoted(sql, at);
    else if (heredoc > 0) end = endOfNext(sql, sql.slice(at, heredoc), heredoc);
    else if (word > 0) end = word;
    yield { kind, text: sql.slice(at, end), start: at, end };
    at = end;
  }
}

/** The end of the white space or comment at `at`; `at` if it is something else. */
function endOfSpace(sql: string, at: number): number {
  if (sql.startsWith("--", at) || sql.startsWith("# ", at) || sql.startsWith("#!", at)) return endOfNext(sql, "\n", at);
  if (sql.startsWith("/*", at)) return endOfNext(sql, "*/", at + 2);
  const end = endOfMatch(SPACE, sql, at);
  return end > 0 ? end : at;
}

/** The end of a quoted token. An inner quote is doubled or escaped by a backslash. */
function endOfQuoted(sql: string, at: number): number {
  const quote = sql[at];
  let i = at + 1;
  while (i < sql.length) {
    if (sql[i] === "\\") i += 2;
    else if (sql[i] !== quote) i += 1;
    else if (sql[i + 1] === quote) i += 2;
    else return i + 1;
  }
  return sql.length;
}

/** The end of the pattern's match at `at`; -1 for no match. */
function endOfMatch(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : -1;
}

/** The end of the next `text` from `from` on; the end of the SQL if there is none. */
function endOfNext(sql: string, text: string, from: number): number {
  const found = sql.indexOf(text, from);
  return found < 0 ? sql.length : found + text.length;
}
