import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "~/server/ports/store/store";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const FROM = NOW - 24 * HOUR;
const [a, b] = [aSchedule({ name: "Invoices" }), aSchedule()];

let clickhouse: TestClickHouse;
let store: Store;

const dead = (schedule: typeof a, at: number, over: object) =>
  anExecution({
    ...{ scheduleId: schedule.scheduleId, scheduleName: schedule.name, scheduledFor: at, endedAt: at + 5 },
    ...{ outcome: "dead", firedAt: null, errorClass: "publish", ...over },
  });
const errorOfPartition = (n: number) => ({ error: `no leader for partition ${n}` });
const rows = [
  ...Array.from({ length: 4 }, (_, n) => dead(n < 3 ? a : b, NOW - n * 1000, errorOfPartition(n))),
  dead(a, FROM - HOUR, errorOfPartition(7)),
  dead(a, FROM - 90 * 24 * HOUR, errorOfPartition(8)),
  dead(b, NOW - HOUR, { error: "no leader for partition 1", errorClass: "broker_connection" }),
  dead(b, NOW - HOUR - 1, { error: null, errorClass: null, topic: "other" }),
  anExecution({ scheduleId: a.scheduleId, scheduledFor: NOW - 1, outcome: "expired", error: "late" }),
];

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  ({ store } = await clickhouse.openStore());
  await store.insertBatch({ token: "1", schedules: [], executions: rows });
  // The same rows in another batch, as after a lost acknowledgement.
  await store.insertBatch({ token: "2", schedules: [], executions: rows.slice(0, 2) });
  const decided = { key: rows[0]?.executionId as string, json: "{}", version: 1, deleted: false };
  await store.insertDocuments({ token: "3", kind: "d", rows: [decided] });
});
afterAll(() => clickhouse.stop());

const groups = (query: object = {}) =>
  store.failureGroups({ query: { fromMs: FROM, toMs: NOW + HOUR, ...query }, previousFromMs: FROM - 25 * HOUR });

test("failures are grouped by class and shape, the largest first, each counted once", async () => {
  const found = await groups();
  expect(found.isComplete).toBe(true);
  expect(found.groups.map(({ errorClass, shape, count }) => [errorClass, shape, count])).toEqual([
    ["publish", "no leader for partition #", 4],
    [null, "", 1],
    ["broker_connection", "no leader for partition #", 1],
  ]);
  expect(found.groups[0]).toMatchObject({
    error: "no leader for partition 0",
    open: 3,
    scheduleCount: 2,
    lastAt: NOW + 5,
    firstAt: NOW - 3000 + 5,
    lastExecutionId: rows[0]?.executionId,
  });
  expect(found.groups[0]?.schedules[0]).toEqual({ scheduleId: a.scheduleId, scheduleName: "Invoices" });
});

test("a group is new if it did not occur in the period before, and has the time when it was first seen", async () => {
  const [known, , fresh] = (await groups()).groups;
  expect(known).toMatchObject({ isNew: false });
  expect(known?.firstSeenAt).toBeLessThan(FROM - 80 * 24 * HOUR);
  expect(fresh?.isNew).toBe(true);
  expect((await groups({ fromMs: FROM + 2 * HOUR })).groups[0]?.isNew).toBe(false);
});

test("filters apply to the groups and to the period before", async () => {
  expect((await groups({ topic: ["other"] })).groups.map((one) => one.count)).toEqual([1]);
  const [own] = (await groups({ scheduleId: b.scheduleId })).groups.filter((one) => one.errorClass === "publish");
  expect(own).toMatchObject({ count: 1, isNew: true });
});
