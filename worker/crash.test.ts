import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { createSchedules } from "~/server/services/schedules";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorkerProcess, type WorkerProcess } from "~/server/testing/worker-process";

const EVENTS = 1000;
/** Time limit of the recovery: another worker can claim the occurrences only after the leases have expired. */
const RECOVERY_MS = 60_000;

let stack: TestStack;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.end("SIGKILL");
});
afterAll(async () => stack?.stop());

async function work(env: Record<string, string>): Promise<WorkerProcess> {
  const worker = await startWorkerProcess({ ...stack.env, ...env });
  workers.push(worker);
  return worker;
}

describe.each([
  ["published in place", "true"],
  ["claimed", "false"],
])("events that are %s", (how, inPlace) => {
  test("survive a kill -9 while 1,000 are due: each has one succeeded row, and none is missing on the bus", {
    timeout: 150_000,
  }, async () => {
    const topic = `crash.${inPlace}`;
    const env = { PUBLISH_IN_PLACE: inPlace };
    const onBus = () => stack.redis.xlen(`${stack.prefix}bus:${topic}`);
    const first = await work(env);
    const executionTime = new Date(Date.now() + 3000).toISOString();
    const ids: string[] = [];
    for (let start = 0; start < EVENTS; start += 500) {
      const items = Array.from({ length: 500 }, (_, i) => ({
        topic,
        entityType: "user",
        action: "remind",
        payload: { n: start + i },
        executionTime,
      }));
      const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
      for (const item of answer.items) if ("scheduleId" in item) ids.push(item.scheduleId);
    }
    expect(ids).toHaveLength(EVENTS);

    await eventually(async () => ((await onBus()) > 0 ? true : null), { what: "the first published event" });
    await first.end("SIGKILL");
    await work(env);

    const rows = await eventually(
      async () => {
        const all = await everyExecution(topic);
        return all.length >= EVENTS ? all : null;
      },
      { what: "every execution", timeoutMs: RECOVERY_MS },
    );
    expect(rows.map((row) => row.status).filter((status) => status !== "succeeded")).toEqual([]);
    expect(rows.map((row) => row.scheduleId).sort()).toEqual(ids.toSorted());

    const messages = await stack.published(topic);
    if (how === "published in place") expect(messages).toHaveLength(EVENTS);
    const eventIds = new Map<string, Set<string>>();
    for (const { headers } of messages) {
      const known = eventIds.get(headers.schedule_id ?? "") ?? new Set();
      eventIds.set(headers.schedule_id ?? "", known.add(headers.event_id ?? ""));
    }
    expect([...eventIds.keys()].sort()).toEqual(ids.toSorted());
    // A kill between publish and settle gives a duplicate with the same event_id, so that consumers can drop it.
    expect([...eventIds.values()].filter((known) => known.size !== 1)).toEqual([]);
  });
});

/** All rows of the topic's schedules, over all pages. */
async function everyExecution(topic: string) {
  const rows = [];
  let cursor: string | undefined;
  do {
    const input = ListExecutionsInput.parse({ topic: [topic], limit: 500, cursor });
    const page = await listExecutions({ ctx: stack.ctx, input });
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return rows;
}
