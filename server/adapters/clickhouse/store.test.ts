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
