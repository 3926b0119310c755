import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { newAuditId } from "~/server/new-audit-id";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";
import { createClickHouse } from "./connection/client";
import { createStore } from "./store";

let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(() => clickhouse.stop());

const Count = z.object({ n: z.int() });

describe("a batch", () => {
  test("sent twice is stored once; the same rows under another token are deduplicated by id", async () => {
    const { store, client } = await clickhouse.openStore();
    const batch = { schedules: [aSchedule(), aSchedule()], executions: [anExecution(), anExecution()] };
    await store.insertBatch({ token: "a", ...batch });
    await store.insertBatch({ token: "a", ...batch });
    for (const table of ["event_schedules", "schedule_execution_results"]) {
      const [row] = await client.select(Count, { sql: `SELECT count() AS n FROM ${table}` });
      expect(row?.n).toBe(2);
    }
    await store.insertBatch({ token: "b", ...batch });
    expect((await store.catalogueCounts()).total).toBe(2);
    expect((await store.listExecutions({ limit: 10 })).items).toHaveLength(2);
  });

  test("without rows writes nothing", async () => {
    const { store } = await clickhouse.openStore();
    await store.insertBatch({ token: "a", schedules: [], executions: [] });
    expect(await store.listExecutions({ limit: 10 })).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
      totalIsExact: true,
    });
  });

  test("may span more months than ClickHouse's default partition limit per insert, and may contain far-future times", async () => {
    const { store } = await clickhouse.openStore();
    const month = 31 * 86_400_000;
    const executions = Array.from({ length: 130 }, (_, i) => anExecution({ scheduledFor: Date.now() - i * month }));
    const schedules = Array.from({ length: 130 }, (_, i) =>
      aSchedule({ executionTime: Date.now() + i * month, state: { tier: "clickhouse" } }),
    );
    await store.insertBatch({ token: "a", schedules, executions });
    expect((await store.catalogueCounts()).clickhousePending).toBe(130);
  });
});

describe("documents", () => {
  test("are read as the newest version of each key, deleted keys included", async () => {
    const { store } = await clickhouse.openStore();
    const row = (key: string, version: number, deleted = false) => ({
      key,
      json: `{"v":${version},"t":"é'\\\\"}`,
      version,
      deleted,
    });
    await store.insertDocuments({ token: "1", kind: "u", rows: [row("a", 2), row("b", 1), row("c", 1)] });
    await store.insertDocuments({ token: "2", kind: "u", rows: [row("a", 1), row("b", 2, true)] });
    await store.insertDocuments({ token: "3", kind: "g", rows: [row("s", 1)] });
    await store.insertDocuments({ token: "4", kind: "a", rows: [row("x", 1)] });
    expect(await store.documents("u")).toEqual([row("a", 2), row("b", 2, true), row("c", 1)]);
    expect(await store.documents("g")).toEqual([row("s", 1)]);
  });
});

describe("audit entries", () => {
  const START = 1_790_000_000_000;
  const entry = (n: number, target: string, over: object = {}) => {
    const at = START + n;
    const id = newAuditId(at);
    const json = JSON.stringify({ id, at, actor: "ana@x.org", action: "schedule.edit", target, n, ...over });
    return { key: id, json, version: at, deleted: false };
  };
  const RANGE = { fromMs: START, toMs: START + 1_000_000, limit: 10 };
  const numbers = (items: readonly string[]) => items.map((json) => JSON.parse(json).n);

  test("come newest first, each once, in pages, within the range and the filters", async () => {
    const { store } = await clickhouse.openStore();
    const rows = [
      entry(1, "a"),
      entry(2, "b", { action: "schedule.pause", actor: "Ben" }),
      entry(3, "a", { job: "j" }),
      entry(4, "batch", { targets: ["a", "c"] }),
      entry(5, "a", { result: "refused" }),
    ];
    // A batch that was recorded twice.
    await store.insertDocuments({ token: "1", kind: "a", rows });
    await store.insertDocuments({ token: "2", kind: "a", rows });
    const found = async (over: object) => numbers((await store.listAudit({ ...RANGE, ...over })).items);
    expect(await found({})).toEqual([5, 4, 3, 2, 1]);
    expect(await found({ toMs: START + 5 })).toEqual([4, 3, 2, 1]);
    expect(await found({ fromMs: START + 3 })).toEqual([5, 4, 3]);
    expect(await found({ targets: ["a"] })).toEqual([5, 4, 3, 1]);
    expect(await found({ targets: ["b", "c"] })).toEqual([4, 2]);
    expect(await found({ targets: ["j"] })).toEqual([3]);
    expect(await found({ verbs: ["schedule.pause"] })).toEqual([2]);
    expect(await found({ actor: "BEN" })).toEqual([2]);
    expect(await found({ result: "refused" })).toEqual([5]);
    expect(await found({ result: "succeeded" })).toEqual([4, 3, 2, 1]);
    expect(await found({ bulkItems: false })).toEqual([5, 4, 2, 1]);
    expect(await store.countAudit({ ...RANGE, targets: ["a"], max: 100 })).toBe(4);
    expect(await store.countAudit({ ...RANGE, max: 2 })).toBe(2);

    const first = await store.listAudit({ ...RANGE, limit: 2 });
    const second = await store.listAudit({ ...RANGE, limit: 2, cursor: first.nextCursor ?? "" });
    const third = await store.listAudit({ ...RANGE, limit: 2, cursor: second.nextCursor ?? "" });
    expect([first, second, third].map((page) => numbers(page.items))).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.nextCursor).toBeNull();
    await expect(store.listAudit({ ...RANGE, cursor: "x" })).rejects.toMatchObject({ code: "cursor_invalid" });
  });

  test("of one target, and of a range, are found by an index that skips nearly all other rows", async () => {
    const { store, client } = await clickhouse.openStore();
    const rows = Array.from({ length: 100_000 }, (_, n) => entry(n, `t${Math.floor(n / 10)}`));
    await store.insertDocuments({ token: "1", kind: "a", rows });
    expect((await store.listAudit({ ...RANGE, targets: ["t500"], limit: 20 })).items).toHaveLength(10);
    const granules = async (index: string, where: string) => {
      const plan = await client.select(z.object({ explain: z.string() }), {
        sql: `EXPLAIN indexes = 1 SELECT json FROM audit WHERE ${where}`,
      });
      const text = plan.map((line) => line.explain).join("\n");
      const [, read = "", all = ""] = new RegExp(`${index}[\\s\\S]*?Granules: (\\d+)/(\\d+)`).exec(text) ?? [];
      expect(Number(all), text).toBeGreaterThan(5);
      return Number(read);
    };
    expect(await granules("by_about", "hasAny(about, ['t500'])")).toBeLessThan(4);
    expect(await granules("by_time", `version >= ${START + 50_000} AND version < ${START + 50_100}`)).toBeLessThan(4);
  });
});

describe("a server that fails", () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });

  test("because it is not reachable gives clickhouse_unavailable, and ping reports that it failed", async () => {
    const store = createStore(createClickHouse({ url: "http://127.0.0.1:9", database: "x" }));
    await expect(store.getSchedules(["a"])).rejects.toMatchObject({ code: "clickhouse_unavailable" });
    await expect(store.insertBatch({ token: "a", schedules: [aSchedule()], executions: [] })).rejects.toMatchObject({
      code: "clickhouse_unavailable",
    });
    expect(await store.ping()).toMatchObject({ ok: false });
    await store.close();
  });

  test("because it does not answer gives query_timeout", async () => {
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const store = createStore(createClickHouse({ url, database: "x", requestTimeoutMs: 200 }));
    await expect(store.getSchedules(["a"])).rejects.toMatchObject({ code: "query_timeout" });
    await store.close();
  });

  test("because the database is missing gives clickhouse_unavailable", async () => {
    const client = clickhouse.connect("no_such_database");
    await expect(createStore(client).catalogueCounts()).rejects.toMatchObject({ code: "clickhouse_unavailable" });
  });

  test("because a query takes too long gives query_timeout", async () => {
    const { client } = await clickhouse.openStore();
    await expect(
      client.select(Count, {
        sql: "SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))",
        settings: { max_execution_time: 1 },
      }),
    ).rejects.toMatchObject({ code: "query_timeout" });
  });
});

test("ping of a healthy server returns its version", async () => {
  const { store } = await clickhouse.openStore();
  expect(await store.ping()).toMatchObject({ ok: true, detail: expect.stringMatching(/^ClickHouse \d+\./) });
});
