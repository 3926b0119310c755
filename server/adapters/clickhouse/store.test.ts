import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
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
  test("sent twice is there once; the same rows under another token are told apart by their ids", async () => {
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

  test("of nothing is nothing", async () => {
    const { store } = await clickhouse.openStore();
    await store.insertBatch({ token: "a", schedules: [], executions: [] });
    expect(await store.listExecutions({ limit: 10 })).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
      totalIsExact: true,
    });
  });

  test("may span more months than the server's limit of partitions, and far-future times", async () => {
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
  test("are the newest version of each key, deleted ones too", async () => {
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
  const entry = (n: number, target: string, action = "schedule.edit") => {
    const at = 1_790_000_000_000 + n;
    const key = `${target}:${n}`;
    return { key, json: JSON.stringify({ id: key, at, action, target }), version: at, deleted: false };
  };
  const range = { fromMs: 1_790_000_000_000, toMs: 1_800_000_000_000, limit: 10 };

  test("of one target and these actions come newest first, within the range and the limit, each once", async () => {
    const { store } = await clickhouse.openStore();
    const rows = [entry(1, "a"), entry(2, "b"), entry(3, "a"), entry(4, "a", "schedule.execute"), entry(5, "a")];
    await store.insertDocuments({ token: "1", kind: "a", rows });
    await store.insertDocuments({ token: "2", kind: "a", rows });
    const ask = { target: "a", actions: ["schedule.edit"], ...range };
    const found = async (over: object) => (await store.auditOf({ ...ask, ...over })).map((json) => JSON.parse(json).id);
    expect(await found({})).toEqual(["a:5", "a:3", "a:1"]);
    expect(await found({ limit: 2 })).toEqual(["a:5", "a:3"]);
    expect(await found({ toMs: range.fromMs + 5 })).toEqual(["a:3", "a:1"]);
    expect(await found({ fromMs: range.fromMs + 3 })).toEqual(["a:5", "a:3"]);
  });

  test("of one target are read by its index: what is stored of others stays unread", async () => {
    const { store, client } = await clickhouse.openStore();
    const rows = Array.from({ length: 100_000 }, (_, n) => entry(n, `t${Math.floor(n / 10)}`));
    await store.insertDocuments({ token: "1", kind: "a", rows });
    expect(await store.auditOf({ target: "t500", actions: ["schedule.edit"], ...range })).toHaveLength(10);
    const plan = await client.select(z.object({ explain: z.string() }), {
      sql: "EXPLAIN indexes = 1 SELECT json FROM audit WHERE target = 't500'",
    });
    const text = plan.map((line) => line.explain).join("\n");
    const [, read = "", all = ""] = /by_target[\s\S]*?Granules: (\d+)\/(\d+)/.exec(text) ?? [];
    expect(Number(all), text).toBeGreaterThan(5);
    expect(Number(read), text).toBeLessThan(4);
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

  test("by not being there is clickhouse_unavailable, and ping says so", async () => {
    const store = createStore(createClickHouse({ url: "http://127.0.0.1:9", database: "x" }));
    await expect(store.getSchedules(["a"])).rejects.toMatchObject({ code: "clickhouse_unavailable" });
    await expect(store.insertBatch({ token: "a", schedules: [aSchedule()], executions: [] })).rejects.toMatchObject({
      code: "clickhouse_unavailable",
    });
    expect(await store.ping()).toMatchObject({ ok: false });
    await store.close();
  });

  test("by not answering is query_timeout", async () => {
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const store = createStore(createClickHouse({ url, database: "x", requestTimeoutMs: 200 }));
    await expect(store.getSchedules(["a"])).rejects.toMatchObject({ code: "query_timeout" });
    await store.close();
  });

  test("by not having the database is clickhouse_unavailable", async () => {
    const client = clickhouse.connect("no_such_database");
    await expect(createStore(client).catalogueCounts()).rejects.toMatchObject({ code: "clickhouse_unavailable" });
  });

  test("by taking too long for a query is query_timeout", async () => {
    const { client } = await clickhouse.openStore();
    await expect(
      client.select(Count, {
        sql: "SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))",
        settings: { max_execution_time: 1 },
      }),
    ).rejects.toMatchObject({ code: "query_timeout" });
  });

  test("ping of one that is well has its version", async () => {
    const { store } = await clickhouse.openStore();
    expect(await store.ping()).toMatchObject({ ok: true, detail: expect.stringMatching(/^ClickHouse \d+\./) });
  });
});
