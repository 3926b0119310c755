import { ClickHouseError } from "@clickhouse/client";
import { DataFault, isDataFault } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";

/** Server error codes that mean "took too long": TIMEOUT_EXCEEDED, TOO_SLOW, QUERY_WAS_CANCELLED. */
const TIMED_OUT = new Set(["159", "160", "394"]);
/**
 * Codes of a server that cannot serve now: UNKNOWN_DATABASE, TOO_MANY_SIMULTANEOUS_QUERIES, SOCKET_TIMEOUT,
 * NETWORK_ERROR, MEMORY_LIMIT_EXCEEDED, TABLE_IS_READ_ONLY, NOT_ENOUGH_SPACE, TOO_MANY_PARTS,
 * ALL_CONNECTION_TRIES_FAILED, AUTHENTICATION_FAILED, KEEPER_EXCEPTION.
 */
const UNAVAILABLE = new Set(["81", "202", "209", "210", "241", "242", "243", "252", "279", "516", "999"]);

/**
 * Codes of an invalid row: CANNOT_PARSE_TEXT, CANNOT_PARSE_ESCAPE_SEQUENCE, CANNOT_PARSE_QUOTED_STRING,
 * CANNOT_PARSE_INPUT_ASSERTION_FAILED, CANNOT_PARSE_DATE, CANNOT_PARSE_DATETIME, TYPE_MISMATCH, ARGUMENT_OUT_OF_BOUND,
 * CANNOT_CONVERT_TYPE, CANNOT_PARSE_NUMBER, INCORRECT_DATA, CANNOT_READ_ARRAY_FROM_TEXT, TOO_LARGE_STRING_SIZE,
 * VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE, CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN, CANNOT_PARSE_UUID, DECIMAL_OVERFLOW,
 * CANNOT_PARSE_BOOL, UNKNOWN_ELEMENT_OF_ENUM.
 */
const BAD_ROW = new Set([
  ...[
    "6",
    "25",
    "26",
    "27",
    "38",
    "41",
    "53",
    "69",
    "70",
    "72",
    "117",
    "130",
    "131",
    "321",
    "349",
    "376",
    "407",
    "467",
    "691",
  ],
]);

/** Like `throwAppError`, for inserts. @throws DataFault for a row that ClickHouse refuses because of its data. */
export function throwInsertError(error: unknown): never {
  if (error instanceof ClickHouseError && BAD_ROW.has(error.code)) {
    throw new DataFault(`ClickHouse refused the row: ${error.message}`, { cause: error });
  }
  if (isDataFault(error)) throw error;
  throwAppError(error);
}

/** Throws the `AppError` of a failed call. Rethrows other errors of the server, such as that of an invalid query. */
export function throwAppError(error: unknown): never {
  if (error instanceof AppError) throw error;
  if (error instanceof ClickHouseError) {
    if (TIMED_OUT.has(error.code)) throw queryTimeout(error);
    if (UNAVAILABLE.has(error.code)) throw unavailable(error);
    throw error;
  }
  // Other errors come from the socket, a proxy or the client's timer.
  if (error instanceof Error && /timeout/i.test(error.message)) throw queryTimeout(error);
  throw unavailable(error);
}

export function queryTimeout(cause: unknown): AppError {
  return new AppError(
    "query_timeout",
    "The history store took too long to answer. Try again, or narrow the time range or filter.",
    {
      cause,
    },
  );
}

function unavailable(cause: unknown): AppError {
  return new AppError("clickhouse_unavailable", "The history store (ClickHouse) is not available.", { cause });
}
