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

/** Time between checks while the self-test is off. */
const OFF_MS = 2000;
/** Time between checks for a missing topic. */
const TOPIC_MS = 60_000;
/** Time between checks of an event in flight. */
const CHECK_MS = 500;
/** Time between a fault and the next event. */
const AFTER_FAULT_MS = 1000;
/** Timeout of a read of ClickHouse, so that a slow read does not delay the check of firing. */
const READ_MS = 1000;
/** An event is given up after this long without progress of the recorders, because Redis probably lost the event. */
const GIVE_UP_MS = 2 * SELF_TEST_LIMIT_MS;

interface Flight {
  scheduleId: string;
  dueMs: number;
  /** When the event was no longer in Redis. */
  endedMs: number | null;
  /** The recorders' total, and the time of its last increase. */
  recorded: { count: number; atMs: number };
}

export interface SelfTest {
  /** Runs one check. Returns the time until the next check, ms. */
  step(): Promise<number>;
}

/**
 * Sends one test event at a time, through each shard in turn, and stores a report for health. Run this in one worker at
 * a time. Reports an error of Redis while it sends an event, and throws other errors of Redis.
 */
export function createSelfTest(deps: Deps): SelfTest {
  const ids = selfTestIds(deps.hot.shards, (id) => deps.hot.shardOf(id));
  let sentCount = 0;
  let nextMs = 0;
  let flight: Flight | null = null;
  let report: Report | null = null;
  /** The first step removes the report of an earlier process if the self-test is off. */
  let isFirst = true;
  let topic: { exists: boolean; checkAtMs: number } = { exists: false, checkAtMs: 0 };
  const intervalMs = () => deps.settings.current().selfTestIntervalSeconds * 1000;

  /**
   * True if the topic exists or the bus is unreachable. If the broker refuses to create the topic, the self-test is
   * off, because the refusal does not affect other topics.
   */
  async function canSend(nowMs: number): Promise<boolean> {
    if (topic.exists || nowMs < topic.checkAtMs) return topic.exists;
    topic = { exists: false, checkAtMs: nowMs + TOPIC_MS };
    try {
      await deps.bus?.ensureTopic(SELF_TEST_TOPIC);
      topic.exists = true;
    } catch (error) {
      // An unreachable bus is reported by the test event. Check the topic again before the next event.
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
      // If Redis still has an earlier event with this id, wait for that event.
      const before = await dueOf(scheduleId);
      if (before !== null && (await expiresAfterPause(before, nowMs))) return;
      // A create would be refused by the fence of the last event with this id, so this put is an edit.
      if (before === null) await deps.hot.put({ schedule, placement: { tier: "redis", plan }, expectedVersion: 1 });
      flight = { scheduleId, dueMs: before ?? nowMs, endedMs: null, recorded: { count: 0, atMs: nowMs } };
      into.accepts = null;
    } catch (error) {
      into.accepts = `Redis refused a test event: ${(error as Error).message}`;
    }
  }

  /** Whether the event was due before the end of a pause of all firing. It then expires, which is not a fault. */
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
      event.recorded = { count: await readCounter(deps, "recorded"), atMs: nowMs };
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
    // The topic may have been deleted, so check it before the next event.
    if (!passed) topic = { exists: false, checkAtMs: 0 };
    nextMs = passed ? event.dueMs + intervalMs() : nowMs + AFTER_FAULT_MS;
  }

  /** Reports a missing row, unless the recorders make progress. Other checks measure how far recorders are behind. */
  async function notRecorded(event: Flight, into: Report, nowMs: number): Promise<void> {
    const count = await readCounter(deps, "recorded");
    if (count > event.recorded.count) event.recorded = { count, atMs: nowMs };
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
