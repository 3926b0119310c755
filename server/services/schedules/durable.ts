import { AppError } from "~/server/domain/errors";
import type { Deps } from "../ctx";

/** How long a long-term create waits for ClickHouse before it is taken back. */
const DURABLE_TIMEOUT_MS = 8000;
const POLL_MS = 50;

/**
 * Waits until ClickHouse has every one of these rows (architecture: a long-term schedule is acknowledged only then). The recorder
 * writes several times a second, so this takes a few polls. Throws `clickhouse_unavailable` after 8 s.
 */
export async function untilDurable(
  deps: Deps,
  rows: readonly { scheduleId: string; revision: number }[],
): Promise<void> {
  const deadline = performance.now() + DURABLE_TIMEOUT_MS;
  const waiting = new Map(rows.map((row) => [row.scheduleId, row.revision]));
  while (waiting.size > 0) {
    const found = await deps.store.getSchedules([...waiting.keys()]);
    for (const row of found) {
      if (row.state.revision >= (waiting.get(row.scheduleId) ?? 0)) waiting.delete(row.scheduleId);
    }
    if (waiting.size === 0) return;
    if (performance.now() > deadline) {
      throw new AppError(
        "clickhouse_unavailable",
        "The history store has not confirmed the schedule in time; nothing was kept. Try again.",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
