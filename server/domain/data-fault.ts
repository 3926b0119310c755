import { ZodError } from "zod";
import { AppError } from "./errors";

/**
 * A fault of the data, not of the service: a retry cannot succeed. For a batch, at least one of its items is bad;
 * `byHalves` finds which.
 */
export class DataFault extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "DataFault";
  }
}

/**
 * Whether an error is about the data. Outages are not: a lost connection, a timeout, a full Redis, a server that
 * refuses everything. `AppError`s of status 422 are (an invalid cron, an unknown time zone), and so are JavaScript's
 * errors for values that it cannot handle.
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

/** An error as one line for the quarantine, at most 500 characters. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/\s+/g, " ")
    .slice(0, 500)
    .replace(/\p{Surrogate}/gu, "\ufffd");
}
