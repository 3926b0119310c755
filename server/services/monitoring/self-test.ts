import { allResumedAt, isAllPaused } from "~/server/domain/pause-all";
import {
  SELF_TEST_LIMIT_MS,
  SELF_TEST_TOPIC,
  type SelfTestState,
  selfTestIds,
  selfTestSchedule,
} from "~/server/domain/self-test";
import { readCounter } from "../counters";
import type { Deps } from "../ctx";
import { readPauseAll } from "../pause-all";
import { withCheckTimeout } from "./check-timeout";
import { storeSelfTest } from "./self-test-state";

type Report = Omit<SelfTestState, "atMs" | "intervalMs">;

/** How often to check while the self-test is off, by its setting or by a pause of all firing. */
const OFF_MS = 2000;
/** How often to check for the topic while it is missing. */
const TOPIC_MS = 60_000;
/** How often to check an event in flight. */
const CHECK_MS = 500;
/** How soon after a fault to send the next event. */
const AFTER_FAULT_MS = 1000;
/** Bounds a read of ClickHouse, so that a hung one does not delay the check of firing. */
const READ_MS = 1000;
/** After this long without progress of the recorders an event is given up: Redis probably lost it. */
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
  let sentCount = 0;
  let nextMs = 0;
  let flight: Flight | null = null;
  let report: Report | null = null;
  /** A report of an earlier process must be cleared if the self-test is off now. */
  let isFirst = true;
  let topic: { exists: boolean; checkAtMs: number } = { exists: false, checkAtMs: 0 };
  const intervalMs = () => deps.settings.current().selfTestIntervalSeconds * 1000;

  /**
   * Returns whether to send a test event: the topic exists, or the bus is unreachable. If the broker does not let us
   * create this topic, the self-test is skipped, because that says nothing about other topics.
   */
  async function canSend(nowMs: number): Promise<boolean> {
    if (topic.exists || nowMs < topic.checkAtMs) return topic.exists;
    topic = { exists: false, checkAtMs: nowMs + TOPIC_MS };
    try {
      await deps.bus?.ensureTopic(SELF_TEST_TOPIC);
      topic.exists = true;
    } catch (error) {
      // If the bus is unreachable, the test event reports it. Check the topic again before the next event.
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
    const scheduleId = ids[sentCount % ids.length] as string;
    sentCount += 1;
    nextMs = nowMs + AFTER_FAULT_MS;
    const schedule = selfTestSchedule(scheduleId, nowMs);
    const plan = [{ nominalMs: nowMs, effectiveMs: nowMs }];
    try {
      // Ids are reused. If Redis still has an event with this id, from another worker or given up, wait for that event.
      const before = await dueOf(scheduleId);
      if (before !== null && (await expiresAfterPause(before, nowMs))) return;
      // The fence of the id's last event refuses a create, so `expectedVersion` makes this put an edit.
      if (before === null) await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: 1 });
      flight = { scheduleId, dueMs: before ?? nowMs, endedMs: null, recorded: { n: 0, atMs: nowMs } };
      into.accepts = null;
    } catch (error) {
      into.accepts = `Redis refused a test event: ${(error as Error).message}`;
    }
  }

  /** Whether the event came due before the end of a pause of all firing. It is then too late and expires: no fault. */
  async function expiresAfterPause(dueMs: number, nowMs: number): Promise<boolean> {
    const resumedAtMs = allResumedAt((await readPauseAll(deps))?.pause ?? null, nowMs);
    return resumedAtMs !== null && dueMs < resumedAtMs && nowMs - resumedAtMs < GIVE_UP_MS;
  }

  async function dueOf(scheduleId: string): Promise<number | null> {
    const [row] = await deps.hot.getMany([scheduleId]);
    return row?.executionTime ?? null;
  }

  async function check(event: Flight, into: Report, nowMs: number): Promise<void> {
    if (event.endedMs === null) {
      const lateMs = nowMs - event.dueMs;
      if ((await dueOf(event.scheduleId)) === event.dueMs) {
        if (lateMs > SELF_TEST_LIMIT_MS)
          into.fires = `a test event has been due for ${seconds(lateMs)} and is not published.`;
        return;
      }
      event.endedMs = nowMs;
      event.recorded = { n: await readCounter(deps, "recorded"), atMs: nowMs };
    }
    const wanted = { scheduleId: event.scheduleId, scheduledFor: event.dueMs };
    const row = await withCheckTimeout(() => deps.store.findSelfTest(wanted), READ_MS).catch(() => null);
    if (row === null) return notRecorded(event, into, nowMs);
    const passed = row.outcome === "succeeded";
    into.records = null;
    into.recordMs = deps.clock.now() - event.endedMs;
    into.fires = passed ? null : `a test event ended ${row.outcome} on ${SELF_TEST_TOPIC}: ${row.error ?? "too late"}`;
    if (passed) into.fireMs = row.latenessMs;
    flight = null;
    // The fault may be a deleted topic: ensure it again before the next event.
    if (!passed) topic = { exists: false, checkAtMs: 0 };
    nextMs = passed ? event.dueMs + intervalMs() : nowMs + AFTER_FAULT_MS;
  }

  /**
   * Reports that the event's row is missing, unless the recorders make progress: they are then only behind, which other
   * checks measure.
   */
  async function notRecorded(event: Flight, into: Report, nowMs: number): Promise<void> {
    const n = await readCounter(deps, "recorded");
    if (n > event.recorded.n) event.recorded = { n, atMs: nowMs };
    const waitsMs = nowMs - event.recorded.atMs;
    if (waitsMs <= SELF_TEST_LIMIT_MS) return;
    into.records = `a test event that ended ${seconds(nowMs - (event.endedMs ?? nowMs))} ago is not in ClickHouse.`;
    if (waitsMs > GIVE_UP_MS) flight = null;
  }

  return {
    async step() {
      const nowMs = deps.clock.now();
      const isPaused = isAllPaused((await readPauseAll(deps))?.pause ?? null, nowMs);
      if (intervalMs() === 0 || isPaused || (flight === null && !(await canSend(nowMs)))) {
        if (report !== null || isFirst) await storeSelfTest(deps, null);
        isFirst = false;
        report = null;
        flight = null;
        return OFF_MS;
      }
      report ??= { accepts: null, fires: null, records: null, fireMs: null, recordMs: null };
      if (flight === null && nowMs >= nextMs) await begin(report, nowMs);
      if (flight !== null) await check(flight, report, nowMs);
      const state: SelfTestState = { ...report, atMs: deps.clock.now(), intervalMs: intervalMs() };
      await storeSelfTest(deps, state);
      return flight === null ? Math.max(0, Math.min(intervalMs(), nextMs - deps.clock.now())) : CHECK_MS;
    },
  };
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
