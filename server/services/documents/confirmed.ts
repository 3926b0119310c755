import { AppError } from "~/server/domain/errors";
import { withTimeout } from "~/server/timing/request-timeout";

/** How long a caller waits for ClickHouse, ms. */
const CONFIRM_MS = 8000;

/** Returns the result of `work`, or throws `clickhouse_unavailable` after 8 s while the work continues. */
export function confirmed<T>(work: Promise<T>): Promise<T> {
  const error = () =>
    new AppError("clickhouse_unavailable", "The history store (ClickHouse) did not answer in time. Try again.");
  return withTimeout(work, { timeoutMs: CONFIRM_MS, error });
}
