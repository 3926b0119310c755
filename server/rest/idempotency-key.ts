import { type AppError, fieldError } from "~/server/domain/errors";
import { IdempotencyKey } from "~/server/services/idempotency";

const FIELD = "Idempotency-Key";
const EXPECTED =
  '1 to 256 printable ASCII characters, with or without double quotes, such as "8e03978e-40d5-43e8-bc93-6894a57f9324"';
/** A structured-field string (RFC 9651, 3.3.3). */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;
/** Characters that an unquoted key must not have. A comma may join repeated headers. */
const NEEDS_QUOTES = /[",\\]/;

/**
 * Returns the caller's key, or undefined if the header is absent.
 * @throws AppError `validation_failed` if the key is invalid.
 */
export function readIdempotencyKey(headers: Headers): string | undefined {
  const sent = headers.get(FIELD);
  if (sent === null) return undefined;
  const quoted = QUOTED.exec(sent)?.[1]?.replace(/\\(.)/g, "$1");
  if (quoted === undefined && NEEDS_QUOTES.test(sent))
    throw invalid("must be one quoted string, or a key without commas, quotes and backslashes");
  const parsed = IdempotencyKey.safeParse(quoted ?? sent);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? "is not a valid key");
  return parsed.data;
}

function invalid(message: string): AppError {
  return fieldError("validation_failed", { field: FIELD, message, expected: EXPECTED });
}

/**
 * Rejects the header on calls that do not support it.
 * @throws AppError `validation_failed` if the header is present.
 */
export function refuseIdempotencyKey(headers: Headers): void {
  if (!headers.has(FIELD)) return;
  throw fieldError("validation_failed", {
    field: FIELD,
    message: "is not supported by this call",
    expected: "no Idempotency-Key; if the call accepts If-Match, that header makes it safe to repeat",
  });
}
