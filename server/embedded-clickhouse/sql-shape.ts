import { Refusal } from "./errors";
import { type Token, tokensOf } from "./sql-scan";

/** An INSERT whose rows come as bytes: after the statement, or as the body of the request. */
export interface DataInsert {
  format: string;
  /** The statement up to the place where `FROM INFILE` goes. */
  head: string;
  /** Its `SETTINGS` clause, or nothing. */
  settings: string;
  /** Where the rows begin in the statement's text. */
  dataStart: number;
}

export interface Shape {
  /** The first word, in capitals. */
  verb: string;
  /** The `FORMAT` that the statement names itself. */
  format: string | null;
  insert: DataInsert | null;
  /** The chunks of this statement's answer may not be put behind one another, whatever the format. */
  isWholeOnly: boolean;
}

/** Each of these adds something to the end of an answer, or brackets around it. */
const WHOLE_ONLY = new Set(["TOTALS", "EXTREMES", "OUTPUT_FORMAT_JSON_ARRAY_OF_ROWS"]);

/**
 * What the HTTP interface must know of a statement before the engine sees it. Refuses a second statement after the
 * first, as ClickHouse's own interface does; the engine alone would run both.
 */
export function shapeOf(sql: string): Shape {
  const insert = dataInsertOf(sql);
  if (insert) return { verb: "INSERT", format: insert.format, insert, isWholeOnly: true };
  let verb = "";
  let isWholeOnly = false;
  let previous: Token | null = null;
  let format: Token | null = null;
  for (const token of tokensOf(sql)) {
    if (previous?.text === ";" && token.text !== ";") {
      throw new Refusal(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed).");
    }
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    if (verb === "") verb = word;
    if (WHOLE_ONLY.has(word)) isWholeOnly = true;
    // `format` may also be a column: the clause is the last one, and only SETTINGS may follow it.
    if (previous?.kind === "word" && previous.text.toUpperCase() === "FORMAT" && word !== "") format = token;
    else if (previous === format && word !== "SETTINGS" && token.text !== ";") format = null;
    previous = token;
  }
  if (verb === "") throw new Refusal(62, "SYNTAX_ERROR", "Syntax error: Empty query.");
  return { verb, format: format?.text ?? null, insert: null, isWholeOnly };
}

/** `INSERT INTO [TABLE] name [(columns)] [SETTINGS …] FORMAT x | VALUES`; null for any other statement. */
function dataInsertOf(sql: string): DataInsert | null {
  const tokens = tokensOf(sql);
  const next = (): Token | null => tokens.next().value ?? null;
  const isWord = (token: Token | null, word: string) => token?.kind === "word" && token.text.toUpperCase() === word;

  if (!isWord(next(), "INSERT") || !isWord(next(), "INTO")) return null;
  let token = next();
  if (isWord(token, "TABLE")) token = next();
  if (!token || isWord(token, "FUNCTION")) return null;
  // The table's name: whatever it is, it is no clause, be it called `settings`.
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
        dataStart: end + (/^;?[ \t\f]*\r?\n?/.exec(sql.slice(end, end + 4096))?.[0].length ?? 0),
      };
    } else if (settingsStart < 0 || isWord(token, "SELECT") || isWord(token, "WITH")) return null;
  }
  return null;
}

/** Skips to the bracket that closes the one just read; answers the token behind it. */
function afterGroup(next: () => Token | null): Token | null {
  for (let depth = 1; depth > 0; ) {
    const token = next();
    if (!token) return null;
    if (token.text === "(" || token.text === "{") depth += 1;
    if (token.text === ")" || token.text === "}") depth -= 1;
  }
  return next();
}

/** The statement that takes the same rows from `file`, one insert and so one deduplication token for all of them. */
export function insertFromFile(insert: DataInsert, file: string): string {
  return `${insert.head} FROM INFILE ${file} COMPRESSION 'none' ${insert.settings} FORMAT ${insert.format}`;
}
