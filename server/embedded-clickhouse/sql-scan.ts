/** One token of SQL; white space and comments are skipped. */
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
    const skipped = endOfBlank(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const quote = sql[at] === "'" || sql[at] === '"' || sql[at] === "`";
    const word = quote ? -1 : match(WORD, sql, at);
    const heredoc = sql[at] === "$" ? match(HEREDOC, sql, at) : -1;
    const kind = quote || heredoc > 0 ? "quoted" : word > 0 ? "word" : "mark";
    let end = at + 1;
    if (quote) end = endOfQuoted(sql, at);
    else if (heredoc > 0) end = after(sql, sql.slice(at, heredoc), heredoc);
    else if (word > 0) end = word;
    yield { kind, text: sql.slice(at, end), start: at, end };
    at = end;
  }
}

function endOfBlank(sql: string, at: number): number {
  if (sql.startsWith("--", at) || sql.startsWith("# ", at) || sql.startsWith("#!", at)) return after(sql, "\n", at);
  if (sql.startsWith("/*", at)) return after(sql, "*/", at + 2);
  const end = match(SPACE, sql, at);
  return end > 0 ? end : at;
}

/** A quote inside is doubled or escaped by a backslash. */
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

function match(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : -1;
}

function after(sql: string, what: string, from: number): number {
  const found = sql.indexOf(what, from);
  return found < 0 ? sql.length : found + what.length;
}
