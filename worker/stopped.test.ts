import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createSchedules } from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

const EVENTS = 5000;
const TOPIC = "stopped";

let stack: TestStack;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.end("SIGKILL");
});
afterAll(async () => stack?.stop());

async function work(): Promise<WorkerProcess> {
  // Publishing in place would use no leases.
  const worker = await startWorkerProcess({ ...stack.env, PUBLISH_IN_PLACE: "false" });
  workers.push(worker);
  return worker;
}

const readCounter = async (name: string) => Number((await stack.redis.hget(`${stack.prefix}counters`, name)) ?? 0);

test("the settles of a worker that was suspended past its lease are refused, and each event has one outcome", {
  timeout: 180_000,
}, async () => {
  const executionTime = new Date(Date.now() + 4000).toISOString();
  const ids: string[] = [];
  for (let start = 0; start < EVENTS; start += 1000) {
    const items = Array.from({ length: 1000 }, (_, i) => ({
      topic: TOPIC,
      entityType: "user",
      action: "remind",
      payload: { n: start + i },
      executionTime,
    }));
    const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
    for (const item of answer.items) if ("scheduleId" in item) ids.push(item.scheduleId);
  }
  const first = await work();
  await eventually(async () => ((await stack.redis.xlen(`${stack.prefix}bus:${TOPIC}`)) > 0 ? true : null), {
    what: "the first published event",
  });
  first.signal("SIGSTOP");
  // Another worker claims the events again after the leases of the suspended worker have expired.
  await work();
  const ledgerCounts = () => stack.deps.store.ledgerCounts({ fromMs: 0 });
  await eventually(async () => ((await ledgerCounts()).succeeded >= EVENTS ? true : null), {
    what: "every event has its outcome",
    timeoutMs: 90_000,
  });
  expect(await readCounter("refused")).toBe(0);
  first.signal("SIGCONT");
  await eventually(async () => ((await readCounter("refused")) > 0 ? true : null), { what: "the settles are refused" });

  expect((await ledgerCounts()).succeeded).toBe(EVENTS);
  // The roll-ups would count duplicates. ClickHouse writes the rows of an insert into them after the ledger.
  const rolledUp = await eventually(
    async () => {
      const { totals } = await stack.deps.store.analyticsSummary({
        fromMs: Date.now() - 3_600_000,
        toMs: Date.now() + 3_600_000,
        nowMs: Date.now(),
      });
      return totals.total >= EVENTS ? totals.total : null;
    },
    { what: "every outcome is in the roll-ups" },
  );
  expect(rolledUp).toBe(EVENTS);
  const eventIds = new Map<string, Set<string>>();
  for (const { headers } of await stack.published(TOPIC)) {
    const id = headers.schedule_id ?? "";
    eventIds.set(id, (eventIds.get(id) ?? new Set()).add(headers.event_id ?? ""));
  }
  expect([...eventIds.keys()].sort()).toEqual(ids.toSorted());
  expect([...eventIds.values()].filter((known) => known.size !== 1)).toEqual([]);
});
