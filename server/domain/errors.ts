/** The codes of all errors that a caller may see, with the HTTP status, from which the tRPC mapper derives its code. */
const ERROR_STATUS = {
  validation_failed: 422,
  body_invalid: 400,
  payload_too_large: 413,
  head_too_large: 431,
  cron_invalid: 422,
  cron_never_fires: 422,
  cron_too_frequent: 422,
  timezone_unknown: 422,
  execution_time_past: 422,
  delay_too_long: 422,
  cursor_invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  name_taken: 409,
  conflict: 409,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  version_stale: 412,
  rate_limited: 429,
  redis_unavailable: 503,
  clickhouse_unavailable: 503,
  bus_unavailable: 503,
  query_timeout: 503,
  /** The change was not confirmed in time, and may have been stored. */
  may_have_been_kept: 503,
  internal: 500,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** A fault of an input field. `field` is the wire name (snake_case), with dots if nested. */
export interface FieldFault {
  field: string;
  message: string;
  expected?: string;
}

/** An error whose text may be shown to the caller. Other errors are reported as `internal` without their text. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly FieldFault[];
  /** Data for the caller, such as the current version for `version_stale`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { faults?: readonly FieldFault[]; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.faults = options.faults ?? [];
    this.details = options.details ?? {};
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

export function fieldError(code: ErrorCode, fault: FieldFault): AppError {
  const { field, message, expected } = fault;
  const faults = [expected === undefined ? { field, message } : { field, message, expected }];
  return new AppError(code, `${field}: ${message}`, { faults });
}
