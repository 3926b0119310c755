import { AppError } from "~/server/domain/errors";
import { withTimeout } from "~/server/timing/request-timeout";

/** As long as a caller waits for ClickHouse. */
const CONFIRM_MS = 8000;

/** The result of `work`, or `clickhouse_unavailable` after 8 s; the work itself goes on. */
export function confirmed<T>(work: Promise<T>): Promise<T> {
  const error = () =>
    new AppError("clickhouse_unavailable", "The history store (ClickHouse) has not answered in time.");
  return withTimeout(work, { timeoutMs: CONFIRM_MS, error });
}
