import {
  SELF_TEST_LIMIT_MS,
  SELF_TEST_TOPIC,
  type SelfTestState,
  selfTestIds,
  selfTestSchedule,
} from "~/server/domain/self-test";
import { counted } from "../counters";
import type { Deps } from "../ctx";
import { withCheckTimeout } from "./check-timeout";
import { keepSelfTest } from "./self-test-state";

type Report = Omit<SelfTestState, "atMs" | "intervalMs">;

/** How often to check the setting while the self-test is off. */
const OFF_MS = 2000;
/** How often to check for the topic while it is missing. */
const TOPIC_MS = 60_000;
/** How often to check an event in flight, and how soon to send the next one after a fault. */
const CHECK_MS = 500;
const AFTER_FAULT_MS = 1000;
/** Bounds a read of ClickHouse, so that a hung one does not delay the check of firing. */
const READ_MS = 1000;
/** Gives up an event that was lost with Redis. */
const GIVE_UP_MS = 2 * SELF_TEST_LIMIT_MS;

/** An event in flight. */
interface Flight {
  scheduleId: string;
  dueMs: number;
  /** When it left Redis: published and settled. */
  endedMs: number | null;
  /** The recorders' total, and when it last grew. */
  recorded: { n: number; atMs: number };
}

export interface SelfTest {
  /** Runs one check. Returns the ms until the next one. */
  step(): Promise<number>;
}

/**
 * Sends one test event at a time, through each shard in turn, and stores for health how far it came. Run it in one
 * worker at a time. Throws errors of Redis, except its refusal of the event.
 */
export function createSelfTest(deps: Deps): SelfTest {
  const ids = selfTestIds(deps.hot.shards, (id) => deps.hot.shardOf(id));
  let at = 0;
  let nextMs = 0;
  let flight: Flight | null = null;
  let found: Report | null = null;
  /** A report of an earlier process must be cleared if the self-test is off now. */
  let isFirst = true;
  let topic: { exists: boolean; checkAtMs: number } = { exists: false, checkAtMs: 0 };
  const intervalMs = () => deps.settings.current().selfTestIntervalSeconds * 1000;

  /**
   * Returns whether the topic exists. A missing topic that may not be created says nothing about other topics, so there
   * is no test without it.
   */
  async function hasTopic(nowMs: number): Promise<boolean> {
    if (topic.exists || nowMs < topic.checkAtMs) return topic.exists;
    topic = { exists: false, checkAtMs: nowMs + TOPIC_MS };
    try {
      await deps.bus?.ensureTopic(SELF_TEST_TOPIC);
      topic.exists = true;
    } catch (error) {
      // The test event itself reports an unreachable bus. Check the topic again before the next event.
      if (!(await deps.bus?.check())?.ok) {
        topic.checkAtMs = 0;
        return true;
      }
      deps.log.warn(
        { err: error, topic: SELF_TEST_TOPIC },
        "self-test off: could not create its topic; create it, or set SELF_TEST_INTERVAL_SECONDS to 0",
      );
    }
    return topic.exists;
  }

  async function begin(into: Report, nowMs: number): Promise<void> {
    const scheduleId = ids[at % ids.length] as string;
    at += 1;
    nextMs = nowMs + AFTER_FAULT_MS;
    const schedule = selfTestSchedule(scheduleId, nowMs);
    const plan = [{ nominalMs: nowMs, effectiveMs: nowMs }];
    try {
      // Wait for an event of this id that exists already, from another worker or given up.
      const before = await dueOf(scheduleId);
      // Stored as an edit: a fence of the id's last event would refuse a create.
      if (before === null) await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: 1 });
      flight = { scheduleId, dueMs: before ?? nowMs, endedMs: null, recorded: { n: 0, atMs: nowMs } };
      into.accepts = null;
    } catch (error) {
      into.accepts = `Redis refused a test event: ${(error as Error).message}`;
    }
  }

  async function dueOf(scheduleId: string): Promise<number | null> {
    const [row] = await deps.hot.getMany([scheduleId]);
    return row?.executionTime ?? null;
  }

  async function check(from: Flight, into: Report, nowMs: number): Promise<void> {
    if (from.endedMs === null) {
      const lateMs = nowMs - from.dueMs;
      if ((await dueOf(from.scheduleId)) === from.dueMs) {
        if (lateMs > SELF_TEST_LIMIT_MS)
          into.fires = `a test event has been due for ${seconds(lateMs)} and is not published.`;
        return;
      }
      from.endedMs = nowMs;
      from.recorded = { n: await counted(deps, "recorded"), atMs: nowMs };
    }
    const wanted = { scheduleId: from.scheduleId, scheduledFor: from.dueMs };
    const row = await withCheckTimeout(() => deps.store.findSelfTest(wanted), READ_MS).catch(() => null);
    if (row === null) return notRecorded(from, into, nowMs);
    const passed = row.outcome === "succeeded";
    into.records = null;
    into.recordMs = deps.clock.now() - from.endedMs;
    into.fires = passed ? null : `a test event ended ${row.outcome} on ${SELF_TEST_TOPIC}: ${row.error ?? "too late"}`;
    if (passed) into.fireMs = row.latenessMs;
    flight = null;
    if (!passed) topic = { exists: false, checkAtMs: 0 };
    nextMs = passed ? from.dueMs + intervalMs() : nowMs + AFTER_FAULT_MS;
  }

  /** A recorder that makes progress is only behind, which other checks measure. */
  async function notRecorded(from: Flight, into: Report, nowMs: number): Promise<void> {
    const n = await counted(deps, "recorded");
    if (n > from.recorded.n) from.recorded = { n, atMs: nowMs };
    const waitsMs = nowMs - from.recorded.atMs;
    if (waitsMs <= SELF_TEST_LIMIT_MS) return;
    into.records = `a test event that ended ${seconds(nowMs - (from.endedMs ?? nowMs))} ago is not in ClickHouse.`;
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
      if (flight !== null) await check(flight, found, nowMs);
      const state: SelfTestState = { ...found, atMs: deps.clock.now(), intervalMs: intervalMs() };
      await keepSelfTest(deps, state);
      return flight === null ? Math.max(0, Math.min(intervalMs(), nextMs - deps.clock.now())) : CHECK_MS;
    },
  };
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
