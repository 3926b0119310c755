/** One token of SQL; white space and comments are skipped. A `mark` is any other single character. */
export interface Token {
  kind: "word" | "quoted" | "mark";
  text: string;
  start: number;
  end: number;
}

const SPACE = /\s+/y;
const WORD = /[\p{L}\p{N}_]+/uy;
const HEREDOC = /\$\w*\$/y;

/** The tokens of ClickHouse's SQL, lazily: a caller that stops early does not scan the rest. */
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

/** The end of the white space or comment at `at`; `at` if there is none. */
function endOfSpace(sql: string, at: number): number {
  if (sql.startsWith("--", at) || sql.startsWith("# ", at) || sql.startsWith("#!", at)) return endOfNext(sql, "\n", at);
  if (sql.startsWith("/*", at)) return endOfNext(sql, "*/", at + 2);
  const end = endOfMatch(SPACE, sql, at);
  return end > 0 ? end : at;
}

/** The end of a quoted token. A quote inside it is doubled or escaped by a backslash. */
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

/** The end of the pattern's match at `at`; -1 if it does not match. */
function endOfMatch(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : -1;
}

/** The end of the next `text` from `from` on, or of the SQL. */
function endOfNext(sql: string, text: string, from: number): number {
  const found = sql.indexOf(text, from);
  return found < 0 ? sql.length : found + text.length;
}
