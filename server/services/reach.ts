import { AppError } from "~/server/domain/errors";
import { withTimeout } from "~/server/timing/request-timeout";

const STORES = ["redis", "clickhouse"] as const;
export type StoreName = (typeof STORES)[number];

/** Whether each store responded to a ping. */
export type ReachReport = Record<StoreName, boolean>;

/** A store that has not responded to a ping within this does not respond, ms. */
const PING_MS = 2000;
/** Looks that begin within this share their pings, ms: every open page asks every 2 s. */
const SHARED_MS = 1000;
/** The result of a look is used for this long, ms. Open pages keep it fresh during an outage. */
const BELIEVED_MS = 6000;

/** Which stores respond, as one process sees it. */
export interface Reach {
  /** Pings both stores. Answers within 2 s and never throws. */
  look(): Promise<ReachReport>;
  /** The stores that did not respond to the last look; empty once that look is too old to say anything. */
  away(): StoreName[];
}

/** `now` is a monotonic clock, ms. */
export function createReach(input: { pings: Record<StoreName, () => Promise<void>>; now: () => number }): Reach {
  const { pings, now } = input;
  let looking: { beganAt: number; report: Promise<ReachReport> } | null = null;
  let last: { endedAt: number; report: ReachReport } | null = null;

  const responds = (store: StoreName) =>
    withTimeout(pings[store](), { timeoutMs: PING_MS }).then(
      () => true,
      () => false,
    );

  async function ping(): Promise<ReachReport> {
    const [redis, clickhouse] = await Promise.all([responds("redis"), responds("clickhouse")]);
    const report = { redis, clickhouse };
    last = { endedAt: now(), report };
    return report;
  }

  return {
    look() {
      if (looking === null || now() - looking.beganAt >= SHARED_MS) looking = { beganAt: now(), report: ping() };
      return looking.report;
    },
    away() {
      if (last === null || now() - last.endedAt > BELIEVED_MS) return [];
      const { report } = last;
      return STORES.filter((store) => !report[store]);
    },
  };
}

/** The error for callers that need these stores. */
export function awayError(away: readonly StoreName[]): AppError {
  if (away.length > 1) return new AppError("redis_unavailable", "Redis and ClickHouse do not respond.");
  return away[0] === "clickhouse"
    ? new AppError("clickhouse_unavailable", "ClickHouse does not respond.")
    : new AppError("redis_unavailable", "Redis does not respond.");
}
