import {
  SELF_TEST_LIMIT_MS,
  SELF_TEST_TOPIC,
  type SelfTestState,
  selfTestIds,
  selfTestSchedule,
} from "~/server/domain/self-test";
import { counted } from "../counters";
import type { Deps } from "../ctx";
import { within } from "./checked";
import { keepSelfTest } from "./self-test-state";

type Found = Omit<SelfTestState, "atMs" | "intervalMs">;

/** While it is off, how often the setting is looked at. */
const OFF_MS = 2000;
/** While its topic is missing, how often that is looked at. */
const TOPIC_MS = 60_000;
/** How often an event on its way is looked for, and how soon the next one follows after a fault. */
const LOOK_MS = 500;
const AFTER_FAULT_MS = 1000;
/** A ClickHouse that hangs must not hold up the look at what fires. */
const READ_MS = 1000;
/** One that was lost with its Redis must not stop the test. */
const GIVE_UP_MS = 2 * SELF_TEST_LIMIT_MS;

/** An event on its way. */
interface Flight {
  scheduleId: string;
  dueMs: number;
  /** Since when it is not in Redis any more: published and settled. */
  endedMs: number | null;
  /** How much the recorders have recorded so far, and when that grew last. */
  recorded: { n: number; atMs: number };
}

export interface SelfTest {
  /** One look; answers how long to wait for the next one, ms. */
  step(): Promise<number>;
}

/**
 * Keeps one event of the product's own on its way, through one shard after the other, and notes for health how far it
 * comes. To be made by one worker at a time. Throws what Redis answers, but for a refusal to take the event.
 */
export function createSelfTest(deps: Deps): SelfTest {
  const ids = selfTestIds(deps.hot.shards, (id) => deps.hot.shardOf(id));
  let at = 0;
  let nextMs = 0;
  let flight: Flight | null = null;
  let found: Found | null = null;
  /** What an earlier process found must not stay where it is off now. */
  let isFirst = true;
  let topic: { exists: boolean; lookAtMs: number } = { exists: false, lookAtMs: 0 };
  const intervalMs = () => deps.settings.current().selfTestIntervalSeconds * 1000;

  /**
   * A topic that is missing and may not be created says nothing about events of other topics: there is no test without
   * it.
   */
  async function hasTopic(nowMs: number): Promise<boolean> {
    if (topic.exists || nowMs < topic.lookAtMs) return topic.exists;
    topic = { exists: false, lookAtMs: nowMs + TOPIC_MS };
    try {
      await deps.bus?.ensureTopic(SELF_TEST_TOPIC);
      topic.exists = true;
    } catch (error) {
      // An unreachable bus is for the event itself to show; the topic is looked at again before the next one.
      if (!(await deps.bus?.check())?.ok) {
        topic.lookAtMs = 0;
        return true;
      }
      deps.log.warn(
        { err: error, topic: SELF_TEST_TOPIC },
        "self-test off: its topic is missing and could not be created; create it, or set SELF_TEST_INTERVAL_SECONDS to 0",
      );
    }
    return topic.exists;
  }

  async function begin(into: Found, nowMs: number): Promise<void> {
    const scheduleId = ids[at % ids.length] as string;
    at += 1;
    nextMs = nowMs + AFTER_FAULT_MS;
    const schedule = selfTestSchedule(scheduleId, nowMs);
    const plan = [{ nominalMs: nowMs, effectiveMs: nowMs }];
    try {
      // One that is there already, another worker's or one that was given up, is waited for.
      const before = await dueOf(scheduleId);
      // As an edit: the fence that the last event of this id may have left would refuse a new one.
      if (before === null) await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: 1 });
      flight = { scheduleId, dueMs: before ?? nowMs, endedMs: null, recorded: { n: 0, atMs: nowMs } };
      into.accepts = null;
    } catch (error) {
      into.accepts = `Redis did not take an event: ${(error as Error).message}`;
    }
  }

  async function dueOf(scheduleId: string): Promise<number | null> {
    const [row] = await deps.hot.getMany([scheduleId]);
    return row?.executionTime ?? null;
  }

  async function look(from: Flight, into: Found, nowMs: number): Promise<void> {
    if (from.endedMs === null) {
      const lateMs = nowMs - from.dueMs;
      if ((await dueOf(from.scheduleId)) === from.dueMs) {
        if (lateMs > SELF_TEST_LIMIT_MS) into.fires = `an event is due for ${seconds(lateMs)} and not published.`;
        return;
      }
      from.endedMs = nowMs;
      from.recorded = { n: await counted(deps, "recorded"), atMs: nowMs };
    }
    const wanted = { scheduleId: from.scheduleId, scheduledFor: from.dueMs };
    const row = await within(() => deps.store.selfTest(wanted), READ_MS).catch(() => null);
    if (row === null) return notRecorded(from, into, nowMs);
    const passed = row.outcome === "succeeded";
    into.records = null;
    into.recordMs = deps.clock.now() - from.endedMs;
    into.fires = passed ? null : `an event ended ${row.outcome} on ${SELF_TEST_TOPIC}: ${row.error ?? "too late"}`;
    if (passed) into.fireMs = row.latenessMs;
    flight = null;
    if (!passed) topic = { exists: false, lookAtMs: 0 };
    nextMs = passed ? from.dueMs + intervalMs() : nowMs + AFTER_FAULT_MS;
  }

  /** A recorder that gets on is only behind: it is measured elsewhere. */
  async function notRecorded(from: Flight, into: Found, nowMs: number): Promise<void> {
    const n = await counted(deps, "recorded");
    if (n > from.recorded.n) from.recorded = { n, atMs: nowMs };
    const waitsMs = nowMs - from.recorded.atMs;
    if (waitsMs <= SELF_TEST_LIMIT_MS) return;
    into.records = `an event that ended ${seconds(nowMs - (from.endedMs ?? nowMs))} ago is not in ClickHouse.`;
    if (waitsMs > GIVE_UP_MS) flight = null;
  }

  return {
    async step() {
      const nowMs = deps.clock.now();
      if (intervalMs() === 0 || (flight === null && !(await hasTopic(nowMs)))) {
        if (found !== null || isFirst) await keepSelfTest(deps, null);
        isFirst = false;
        found = null;
        flight = null;
        return OFF_MS;
      }
      found ??= { accepts: null, fires: null, records: null, fireMs: null, recordMs: null };
      if (flight === null && nowMs >= nextMs) await begin(found, nowMs);
      if (flight !== null) await look(flight, found, nowMs);
      const state: SelfTestState = { ...found, atMs: deps.clock.now(), intervalMs: intervalMs() };
      await keepSelfTest(deps, state);
      return flight === null ? Math.max(0, Math.min(intervalMs(), nextMs - deps.clock.now())) : LOOK_MS;
    },
  };
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
