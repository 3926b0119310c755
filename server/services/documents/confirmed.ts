import { AppError } from "~/server/domain/errors";

/** As long as a caller waits for ClickHouse. */
const CONFIRM_MS = 8000;

/**
 * `work`, or `clickhouse_unavailable` when ClickHouse does not answer within 8 s. What it does after that is not waited
 * for.
 */
export async function confirmed<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new AppError("clickhouse_unavailable", "The history store (ClickHouse) has not answered in time.");
    timer = setTimeout(() => reject(error), CONFIRM_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
