import type { Fault } from "./capabilities";
import { newSchedule } from "./new-schedule";
import type { Schedule } from "./schedule";

/*
 * The self-test sends one small event of the product's own through the whole way, again and again: put into Redis,
 * claimed, published, settled, recorded. Its schedules have reserved ids, by which every list, count and roll-up leaves
 * them out.
 */

/** Where its events are published. */
export const SELF_TEST_TOPIC = "stufio.selftest";
/** About how many of them a Redis stream keeps. */
export const SELF_TEST_ENTRIES = 100;

/** A UUID of version 8, which no generator of ids makes. */
const PREFIX = "00000000-5e1f-8e57-8000-";

export function isSelfTest(scheduleId: string): boolean {
  return scheduleId.startsWith(PREFIX);
}

/** One reserved id for each shard. */
export function selfTestIds(shards: number, shardOf: (scheduleId: string) => number): string[] {
  const ids = new Map<number, string>();
  for (let n = 0; ids.size < shards; n += 1) {
    const id = `${PREFIX}${n.toString(16).padStart(12, "0")}`;
    const shard = shardOf(id);
    if (!ids.has(shard)) ids.set(shard, id);
  }
  return Array.from({ length: shards }, (_, shard) => ids.get(shard) as string);
}

/** Later than this, an event of the self-test is not published any more. */
const MAX_DELAY_SECONDS = 30;

/**
 * The next event, due at once. Highest priority: it must tell whether events pass, not how long the queue is. Its own
 * `maxDelaySeconds` lets it be claimed, published and settled step by step also where a claim publishes by itself.
 */
export function selfTestSchedule(scheduleId: string, nowMs: number): Schedule {
  return newSchedule({
    ...{ scheduleId, nowMs, topic: SELF_TEST_TOPIC, entityType: "selftest", action: "beat", executionTime: nowMs },
    ...{ maxRetries: 0, retryDelaySeconds: 1, maxDelaySeconds: MAX_DELAY_SECONDS, priority: 9 },
    ...{ source: "system", createdBy: "system", catchUp: { policy: "none", windowSeconds: 60, maxRuns: 1 } },
    state: { tier: "redis", nextExecution: nowMs },
  });
}

/** A step that takes longer than this is a fault. With the default interval it shows within 10 s. */
export const SELF_TEST_LIMIT_MS = 4000;
/** The state is this much older than the interval: nobody makes the test. */
const STALE_MS = 10_000;

/** What the test's last look found. A fault is null where its step works; delays are of the last event that passed. */
export interface SelfTestState {
  atMs: number;
  intervalMs: number;
  accepts: string | null;
  fires: string | null;
  records: string | null;
  /** From its time to the bus's acknowledgement. */
  fireMs: number | null;
  /** From its end until it was read from ClickHouse. */
  recordMs: number | null;
}

export type SelfTestFaults = Record<"accepts" | "fires" | "records", Fault | null>;

/** What it says of each capability. None where it is off, or another fault explains that nobody makes it. */
export function selfTestFaults(
  state: SelfTestState | null,
  given: { nowMs: number; isExplained: boolean },
): SelfTestFaults {
  if (state === null) return { accepts: null, fires: null, records: null };
  const fault = (service: Fault["service"], message: string | null) =>
    message === null ? null : { service, message: `Self-test: ${message}` };
  const ageMs = given.nowMs - state.atMs;
  const stale =
    ageMs > state.intervalMs + STALE_MS && !given.isExplained
      ? `no worker has made it for ${Math.round(ageMs / 1000)} s.`
      : null;
  return {
    accepts: fault("redis", state.accepts),
    fires: fault("worker", state.fires ?? stale),
    records: fault("clickhouse", state.records),
  };
}
