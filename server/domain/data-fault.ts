import { ZodError } from "zod";
import { AppError } from "./errors";

/**
 * The data of an item is at fault, not the service that was asked: trying again cannot help. Thrown for a batch, it
 * says that at least one of its items is bad; `byHalves` finds which.
 */
export class DataFault extends Error {
  constructor(message: string, more: { cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = "DataFault";
  }
}

/**
 * Whether an error is about the data. An outage is not: a connection that broke, a timeout, a full Redis, a server that
 * refuses everything. `AppError`s with status 422 are (a cron that cannot be read, an unknown time zone), and so are
 * the errors that JavaScript throws for a value it cannot handle.
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

/** An error in one line for the quarantine; at most 500 characters. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/\s+/g, " ")
    .slice(0, 500)
    .replace(/\p{Surrogate}/gu, "\ufffd");
}
