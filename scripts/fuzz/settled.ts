import { setTimeout as pause } from "node:timers/promises";
import type { ScheduleListItem } from "~/server/domain/views";
import type { Ctx } from "~/server/services/ctx";
import { listQuarantine } from "~/server/services/quarantine";
import { ListSchedulesInput, listSchedules } from "~/server/services/schedules";
import type { DelayedSide } from "./delayed";
import { ask } from "./rest";
import type { Score } from "./score";

const SETTLE_LIMIT_MS = 240_000;
const POLL_MS = 500;
const PAGE_SIZE = 1000;
/** An occurrence that was due this long ago must have ended. */
const GRACE_MS = 2000;
const CONCURRENCY = 8;

/**
 * Waits until firing has caught up and each delayed message is processed. Then checks that GET and the list return
 * each acknowledged schedule that was not deleted, and that each due one-time event without jitter that was neither
 * changed nor disabled has one outcome. Returns the number of quarantine items.
 */
export async function checkSettled(input: {
  ctx: Ctx;
  score: Score;
  delayed: DelayedSide;
  sentDelayed: number;
}): Promise<number> {
  const { ctx, score } = input;
  const unsettled = await untilSettled(input);
  if (unsettled !== null) score.addBreach(`not settled within ${SETTLE_LIMIT_MS / 1000} s: ${unsettled}`);
  const dueMs = Date.now() - GRACE_MS;
  const rows = await readEveryPage(ctx, score);
  await findEach(score, rows);
  const due = [...rows.values()].filter((row) => mustHaveEnded(row, dueMs) && !score.changed.has(row.scheduleId));
  for (const { scheduleId, executionTime, status, source, recent } of due) {
    const outcomes = recent.filter((run) => run.scheduledFor === executionTime).length;
    if (outcomes === 1) continue;
    score.addBreach(
      `${scheduleId} of ${source}, due at ${executionTime}, ${status}, has ${outcomes} outcomes instead of 1`,
    );
  }
  const { total } = await listQuarantine({ ctx, input: { limit: 500 } });
  return total;
}

const mustHaveEnded = ({ executionTime, enabled, status, jitterSeconds }: ScheduleListItem, dueMs: number) =>
  executionTime !== null &&
  Date.parse(executionTime) <= dueMs &&
  (enabled || status === "completed") &&
  jitterSeconds === 0;

/**
 * Polls until no due occurrence has waited for 1.5 s, none is held, few are running, the outbox is nearly empty, and
 * each delayed message is processed. After SETTLE_LIMIT_MS, returns the remaining counts as JSON; otherwise null.
 */
async function untilSettled(input: { ctx: Ctx; delayed: DelayedSide; sentDelayed: number }): Promise<string | null> {
  const { deps } = input.ctx;
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const { oldestDueAgeMs, held, running, outboxDepth, outboxOldestAgeMs } = await deps.hot.stats();
    const arrived = await countArrivedMessages(input);
    // The canary keeps firing, so a few changes are always in flight.
    const isIdle = oldestDueAgeMs < 1500 && held === 0 && running < 5 && outboxOldestAgeMs < 2000 && outboxDepth < 50;
    if (isIdle && arrived === input.sentDelayed) return null;
    if (Date.now() > deadline) {
      return JSON.stringify({
        oldestDueAgeMs,
        held,
        running,
        outboxDepth,
        outboxOldestAgeMs,
        arrived,
        sentDelayed: input.sentDelayed,
      });
    }
    await pause(POLL_MS);
  }
}

async function countArrivedMessages(input: { ctx: Ctx; delayed: DelayedSide }): Promise<number> {
  const { ctx, delayed } = input;
  const query = ListSchedulesInput.parse({ source: "kafka_delayed", limit: 1 });
  const [{ total }, dead, quarantine] = await Promise.all([
    listSchedules({ ctx, input: query }),
    delayed.countDeadLetters(),
    listQuarantine({ ctx, input: { limit: 500 } }),
  ]);
  return total + dead + quarantine.items.filter((item) => item.step === "consume").length;
}

/** Reads every page of the list, and checks that REST answers the same request with 200. */
async function readEveryPage(ctx: Ctx, score: Score): Promise<Map<string, ScheduleListItem>> {
  const rows = new Map<string, ScheduleListItem>();
  let cursor: string | undefined;
  do {
    const query = ListSchedulesInput.parse({ limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) });
    const page = await listSchedules({ ctx, input: query });
    const params = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor ? { cursor } : {}) });
    const { status } = await ask({ method: "GET", path: ["schedules"], query: `?${params}` });
    if (status !== 200) score.addBreach(`a page of the list answered ${status}`);
    for (const row of page.items) rows.set(row.scheduleId, row);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

async function findEach(score: Score, rows: ReadonlyMap<string, ScheduleListItem>): Promise<void> {
  const wanted = [...score.accepted.keys()].filter((id) => !score.deleted.has(id));
  const left = wanted.values();
  const checkNext = async () => {
    for (const id of left) {
      const { status } = await ask({ method: "GET", path: ["schedules", id] });
      if (status !== 200)
        score.addBreach(`${id}, acknowledged by ${score.accepted.get(id)}, answers GET with ${status}`);
      if (!rows.has(id)) score.addBreach(`${id}, acknowledged by ${score.accepted.get(id)}, is not in the list`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, checkNext));
}
