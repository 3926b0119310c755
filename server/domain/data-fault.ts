import { ZodError } from "zod";
import { AppError } from "./errors";

/**
 * A fault of the data, not of the service: a retry cannot succeed. For a batch, at least one item is bad; `byHalves`
 * finds the bad items.
 */
export class DataFault extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "DataFault";
  }
}

/**
 * Whether an error is about the data: a `DataFault`, an `AppError` of status 422, such as an invalid cron, or an error
 * of JavaScript or Zod for an invalid value. Outages, such as a lost connection, a timeout or a full Redis, are not
 * about the data.
 */
export function isDataFault(error: unknown): error is Error {
  if (error instanceof AppError) return error.status === 422;
  return (
    error instanceof DataFault ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    error instanceof ZodError
  );
}

/** An error as one line of at most 500 characters, for the quarantine and for messages to users. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return withoutSnippet(message)
    .replace(/\s+/g, " ")
    .slice(0, 500)
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

/** V8 quotes the text around a fault: `Unexpected token 'x', ..."1", x"... is not valid JSON`. */
const SNIPPET = /(Unexpected token .{1,9}?), (?:\.\.\.)?\\?"[\s\S]*\\?"(?:\.\.\.)?( is not valid JSON)/g;

/** Removes the piece of JSON that a `SyntaxError` quotes, because the piece may be part of a protected payload. */
export function withoutSnippet(message: string): string {
  return message.includes("is not valid JSON") ? message.replace(SNIPPET, "$1$2") : message;
}
