import { AppError } from "~/server/domain/errors";
import { withTimeout } from "~/server/timing/request-timeout";

const STORES = ["redis", "clickhouse"] as const;
export type StoreName = (typeof STORES)[number];

/** Whether each store responded to a ping. */
export type ReachReport = Record<StoreName, boolean>;

/** Timeout of a ping, ms. */
const PING_MS = 2000;
/** Calls within this time share one ping, ms, because every visible page calls every 2 s. */
const SHARED_MS = 1000;
/** How long a result is used, ms. */
const RESULT_MS = 6000;

export interface Reach {
  /** Pings both stores. Answers within 2 s and never throws. */
  check(): Promise<ReachReport>;
  /** The stores that did not respond to the last ping; empty if that ping is too old. */
  unreachable(): StoreName[];
}

/** `now` is a monotonic clock, ms. */
export function createReach(input: { pings: Record<StoreName, () => Promise<void>>; now: () => number }): Reach {
  const { pings, now } = input;
  let latest: { beganAt: number; report: Promise<ReachReport> } | null = null;
  let lastEnded: { endedAt: number; report: ReachReport } | null = null;

  const responds = (store: StoreName) =>
    withTimeout(pings[store](), { timeoutMs: PING_MS }).then(
      () => true,
      () => false,
    );

  async function ping(): Promise<ReachReport> {
    const [redis, clickhouse] = await Promise.all([responds("redis"), responds("clickhouse")]);
    const report = { redis, clickhouse };
    lastEnded = { endedAt: now(), report };
    return report;
  }

  return {
    check() {
      if (latest === null || now() - latest.beganAt >= SHARED_MS) latest = { beganAt: now(), report: ping() };
      return latest.report;
    },
    unreachable() {
      if (lastEnded === null || now() - lastEnded.endedAt > RESULT_MS) return [];
      const { report } = lastEnded;
      return STORES.filter((store) => !report[store]);
    },
  };
}

export function unreachableError(unreachable: readonly StoreName[]): AppError {
  if (unreachable.length > 1) return new AppError("redis_unavailable", "Redis and ClickHouse do not respond.");
  return unreachable[0] === "clickhouse"
    ? new AppError("clickhouse_unavailable", "ClickHouse does not respond.")
    : new AppError("redis_unavailable", "Redis does not respond.");
}
