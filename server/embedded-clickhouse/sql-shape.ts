import { Refusal } from "./errors";
import { type Token, tokensOf } from "./sql-scan";

/** An INSERT whose rows follow the statement or are in the body of the request. */
export interface DataInsert {
  format: string;
  /** The statement up to the position where `FROM INFILE` is inserted. */
  head: string;
  /** The statement's `SETTINGS` clause, or "". */
  settings: string;
  /** Where the rows begin in the statement's text. */
  dataStart: number;
}

export interface Shape {
  /** The first word, in capitals. */
  firstWord: string;
  /** The `FORMAT` of the statement, if it has one. */
  format: string | null;
  insert: DataInsert | null;
  /** Whether the chunks of the answer cannot be concatenated in any format. */
  isWholeOnly: boolean;
}

/** Words of clauses and settings that add rows to the end of an answer, or brackets around the answer. */
const WHOLE_ONLY = new Set(["TOTALS", "EXTREMES", "OUTPUT_FORMAT_JSON_ARRAY_OF_ROWS"]);

/**
 * Analyses a statement for the HTTP interface. Like ClickHouse's own interface, refuses a second statement, which the
 * engine would run.
 */
export function shapeOf(sql: string): Shape {
  const insert = dataInsertOf(sql);
  if (insert) return { firstWord: "INSERT", format: insert.format, insert, isWholeOnly: true };
  let firstWord = "";
  let isWholeOnly = false;
  let previous: Token | null = null;
  let format: Token | null = null;
  for (const token of tokensOf(sql)) {
    if (previous?.text === ";" && token.text !== ";") {
      throw new Refusal(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed).");
    }
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    if (firstWord === "") firstWord = word;
    if (WHOLE_ONLY.has(word)) isWholeOnly = true;
    // `format` may also be a column. Only SETTINGS may follow the clause.
    if (previous?.kind === "word" && previous.text.toUpperCase() === "FORMAT" && word !== "") format = token;
    else if (previous === format && word !== "SETTINGS" && token.text !== ";") format = null;
    previous = token;
  }
  if (firstWord === "") throw new Refusal(62, "SYNTAX_ERROR", "Syntax error: Empty query.");
  return { firstWord, format: format?.text ?? null, insert: null, isWholeOnly };
}

/** Parses `INSERT INTO [TABLE] name [(columns)] [SETTINGS …] FORMAT x | VALUES`; null for any other statement. */
function dataInsertOf(sql: string): DataInsert | null {
  const tokens = tokensOf(sql);
  const next = (): Token | null => tokens.next().value ?? null;
  const isWord = (token: Token | null, word: string) => token?.kind === "word" && token.text.toUpperCase() === word;

  if (!isWord(next(), "INSERT") || !isWord(next(), "INTO")) return null;
  let token = next();
  if (isWord(token, "TABLE")) token = next();
  if (!token || isWord(token, "FUNCTION")) return null;
  // Skips the table's name, which may equal a keyword such as `settings`.
  token = token.text === "{" ? afterGroup(next) : next();
  while (token?.text === ".") {
    next();
    token = next();
  }
  if (token?.text === "(") token = afterGroup(next);

  let settingsStart = -1;
  let depth = 0;
  for (; token; token = next()) {
    if (token.text === "(" || token.text === "[" || token.text === "{") depth += 1;
    else if (token.text === ")" || token.text === "]" || token.text === "}") depth -= 1;
    if (depth > 0 || token.kind !== "word") continue;
    if (isWord(token, "SETTINGS") && settingsStart < 0) settingsStart = token.start;
    else if (isWord(token, "VALUES") || isWord(token, "FORMAT")) {
      const named = isWord(token, "FORMAT") ? next() : null;
      if (isWord(token, "FORMAT") && named?.kind !== "word") return null;
      const clause = settingsStart < 0 ? token.start : settingsStart;
      const end = (named ?? token).end;
      return {
        format: named?.text ?? "Values",
        head: sql.slice(0, clause),
        settings: sql.slice(clause, token.start),
        // Scans only a few characters, because megabytes of rows may follow.
        dataStart: end + (/^;?[ \t\f]*\r?\n?/.exec(sql.slice(end, end + 4096))?.[0].length ?? 0),
      };
    } else if (settingsStart < 0 || isWord(token, "SELECT") || isWord(token, "WITH")) return null;
  }
  return null;
}

/** Skips the rest of the current group; returns the token after its closing bracket. */
function afterGroup(next: () => Token | null): Token | null {
  for (let depth = 1; depth > 0; ) {
    const token = next();
    if (!token) return null;
    if (token.text === "(" || token.text === "{") depth += 1;
    if (token.text === ")" || token.text === "}") depth -= 1;
  }
  return next();
}

/** The statement that reads the same rows from `file`, as one insert with one deduplication token. */
export function insertFromFile(insert: DataInsert, file: string): string {
  return `${insert.head} FROM INFILE ${file} COMPRESSION 'none' ${insert.settings} FORMAT ${insert.format}`;
}
