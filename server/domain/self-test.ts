import { newSchedule } from "./new-schedule";
import type { Schedule } from "./schedule";
import type { Fault } from "./views";

/*
 * The self-test regularly sends a small event of the product itself through all steps: put into Redis, claim, publish,
 * settle, record. Its schedules have reserved ids, by which lists, counts and roll-ups exclude them.
 */

export const SELF_TEST_TOPIC = "stufio.selftest";
/** The approximate maximum number of entries in the topic's stream in Redis. */
export const SELF_TEST_ENTRIES = 100;

/** The beginning of UUIDs that no generator creates. */
const PREFIX = "00000000-5e1f-8e57-8000-";

export function isSelfTest(scheduleId: string): boolean {
  return scheduleId.startsWith(PREFIX);
}

export function selfTestIds(shards: number, shardOf: (scheduleId: string) => number): string[] {
  const ids = new Map<number, string>();
  for (let n = 0; ids.size < shards; n += 1) {
    const id = `${PREFIX}${n.toString(16).padStart(12, "0")}`;
    const shard = shardOf(id);
    if (!ids.has(shard)) ids.set(shard, id);
  }
  return Array.from({ length: shards }, (_, shard) => ids.get(shard) as string);
}

const MAX_DELAY_SECONDS = 30;

/**
 * The next event, due at once. A backlog, which health reports separately, must not delay the event, so it has the
 * highest priority. With `maxDelaySeconds` it is not published in place, so that claim, publish and settle are tested.
 */
export function selfTestSchedule(scheduleId: string, nowMs: number): Schedule {
  return newSchedule({
    ...{ scheduleId, nowMs, topic: SELF_TEST_TOPIC, entityType: "selftest", action: "beat", executionTime: nowMs },
    ...{ maxRetries: 0, retryDelaySeconds: 1, maxDelaySeconds: MAX_DELAY_SECONDS, priority: 9 },
    ...{ source: "system", createdBy: "system", catchUp: { policy: "none", windowSeconds: 60, maxRuns: 1 } },
    state: { tier: "redis", nextExecution: nowMs },
  });
}

/** A slower step is a fault. With the default interval, health reports the fault within 10 s. */
export const SELF_TEST_LIMIT_MS = 4000;
/** If the state is older than the interval plus this, no worker runs the test. */
const STALE_MS = 10_000;

/**
 * The last result. `accepts`, `fires` and `records` have the message of the step's fault, or null. The durations are
 * those of the last event that passed.
 */
export interface SelfTestState {
  atMs: number;
  intervalMs: number;
  accepts: string | null;
  fires: string | null;
  records: string | null;
  /** The time from the event's due time to the acknowledgement of the bus. */
  fireMs: number | null;
  /** The time from the event's end until its row was read from ClickHouse. */
  recordMs: number | null;
}

export type SelfTestFaults = Record<"accepts" | "fires" | "records", Fault | null>;

/**
 * The fault of each capability; all null without a state.
 * @param at `isExplained`: another fault explains why no worker runs the self-test, so an old state is not a fault
 */
export function selfTestFaults(
  state: SelfTestState | null,
  at: { nowMs: number; isExplained: boolean },
): SelfTestFaults {
  if (state === null) return { accepts: null, fires: null, records: null };
  const fault = (code: Fault["code"], message: string | null) =>
    message === null ? null : { code, message: `Self-test: ${message}` };
  const ageMs = at.nowMs - state.atMs;
  const staleFault =
    ageMs > state.intervalMs + STALE_MS && !at.isExplained
      ? `no worker has run it for ${Math.round(ageMs / 1000)} s.`
      : null;
  return {
    accepts: fault("self_test_accepts", state.accepts),
    fires: fault("self_test_fires", state.fires ?? staleFault),
    records: fault("self_test_records", state.records),
  };
}
