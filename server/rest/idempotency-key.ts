import { type AppError, fieldError } from "~/server/domain/errors";
import { IdempotencyKey } from "~/server/services/idempotency";

const FIELD = "Idempotency-Key";
const EXPECTED =
  '1 to 256 printable ASCII characters, as a string in double quotes or bare, such as "8e03978e-40d5-43e8-bc93-6894a57f9324"';
/** A structured-field string (RFC 9651, 3.3.3). */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;
/** Characters that are ambiguous in a bare key: repeated headers are joined by a comma. */
const NEEDS_QUOTES = /[",\\]/;

/**
 * Returns the caller's key, or undefined without the header.
 * @throws AppError `validation_failed` for the header.
 */
export function readIdempotencyKey(headers: Headers): string | undefined {
  const sent = headers.get(FIELD);
  if (sent === null) return undefined;
  const quoted = QUOTED.exec(sent)?.[1]?.replace(/\\(.)/g, "$1");
  if (quoted === undefined && NEEDS_QUOTES.test(sent)) throw invalid("must be one quoted string or a bare key");
  const parsed = IdempotencyKey.safeParse(quoted ?? sent);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? "is not a key");
  return parsed.data;
}

function invalid(message: string): AppError {
  return fieldError("validation_failed", { field: FIELD, message, expected: EXPECTED });
}

/**
 * Refuses the header on calls that would not honour it.
 * @throws AppError `validation_failed` for the header.
 */
export function refuseIdempotencyKey(headers: Headers): void {
  if (!headers.has(FIELD)) return;
  throw fieldError("validation_failed", {
    field: FIELD,
    message: "is not supported by this call",
    expected: "no Idempotency-Key; an If-Match header makes PUT, PATCH and DELETE safe to repeat",
  });
}
