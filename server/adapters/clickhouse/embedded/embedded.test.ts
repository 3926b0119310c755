import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedClickHouse, startEmbedded } from "./start";

let dir: string;
let server: EmbeddedClickHouse;
let client: ClickHouseClient;

const connect = (over: object = {}) => createClient({ url: server.url, request_timeout: 60_000, ...over });
const rows = async (query: string, query_params?: Record<string, unknown>, from = client) =>
  (await from.query({ query, query_params, format: "JSONEachRow" })).json<Record<string, unknown>>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stufio-ch-"));
  server = await startEmbedded({ path: join(dir, "data") });
  client = connect();
}, 90_000);
afterAll(async () => {
  await client?.close();
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

test("answers the client's ping", async () => {
  expect(await client.ping({ select: true })).toEqual({ success: true });
  expect(await client.ping()).toEqual({ success: true });
});

test.each([
  ["String", 'a\'b\\c\td\ne é "q"'],
  ["String", ""],
  ["UInt32", 4294967295],
  ["Int32", -5],
  ["Float64", 1.5],
  ["Bool", true],
  ["UUID", "0190a5c0-0000-7000-8000-000000000001"],
  ["Array(String)", ["a", "b'c", "d\\e"]],
  ["Array(UInt32)", [1, 2]],
  ["Nullable(String)", null],
  ["Map(String, String)", { k: "v'x" }],
])("a %s parameter %j comes back as it went in", async (type, value) => {
  const [row] = await rows(`SELECT {x:${type}} AS v`, { x: value });
  expect(row).toEqual({ v: value });
});

test("a DateTime64 parameter keeps its milliseconds", async () => {
  const [row] = await rows("SELECT toUnixTimestamp64Milli({x:DateTime64(3,'UTC')}) AS v", {
    x: new Date(1_700_000_000_123),
  });
  expect(String(row?.v)).toBe("1700000000123");
});

test("parameters too long for a URL come as a form", async () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => `id-${i}-é'`);
  const long = connect({ use_multipart_params_auto: true });
  expect(
    await rows("SELECT toUInt32(length({ids:Array(String)})) AS n, {ids:Array(String)}[7] AS v", { ids }, long),
  ).toEqual([{ n: 20_000, v: "id-6-é'" }]);
  await long.close();
});

test.each([
  ["SELECT * FROM nowhere", "60"],
  ["SELEC 1", "62"],
  ["SELECT throwIf(1)", "395"],
  ["SELECT 1 SETTINGS nonsense_setting = 1", "115"],
])("%s fails with ClickHouse's own code", async (query, code) => {
  await expect(rows(query)).rejects.toMatchObject({ code });
});

test("inserts arrays and streams, reads them back compressed, in the database of the client", async () => {
  await client.command({ query: "CREATE DATABASE IF NOT EXISTS other" });
  const other = connect({ database: "other", compression: { request: true, response: true } });
  await other.command({ query: "CREATE TABLE t (a UInt32, s String) ENGINE = MergeTree ORDER BY a" });
  await other.insert({
    table: "t",
    format: "JSONEachRow",
    values: [
      { a: 1, s: "x;\n\ny" },
      { a: 2, s: "é'\\" },
    ],
  });
  expect(await rows("SELECT * FROM t ORDER BY a", {}, other)).toEqual([
    { a: 1, s: "x;\n\ny" },
    { a: 2, s: "é'\\" },
  ]);
  await expect(rows("SELECT * FROM t")).rejects.toMatchObject({ code: "60" });
  await other.close();
});

test("takes a million rows and streams them back", async () => {
  await client.command({ query: "CREATE TABLE big (n UInt64) ENGINE = MergeTree ORDER BY n" });
  await client.insert({
    table: "big",
    format: "JSONEachRow",
    values: Array.from({ length: 1_000_000 }, (_, n) => ({ n })),
  });
  const result = await client.query({ query: "SELECT n FROM big", format: "JSONEachRow" });
  let count = 0;
  for await (const chunk of result.stream()) count += chunk.length;
  expect(count).toBe(1_000_000);
});

test("statements run side by side and share no settings or parameters", async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      client
        .query({
          query: "SELECT {x:UInt32} AS x, getSetting('max_block_size') AS b",
          query_params: { x: i },
          clickhouse_settings: { max_block_size: String(1000 + i) },
          format: "JSONEachRow",
        })
        .then((result) => result.json<{ x: number; b: string | number }>()),
    ),
  );
  expect(answers.map(([row]) => [row?.x, Number(row?.b)])).toEqual(answers.map((_, i) => [i, 1000 + i]));
});

test("the same deduplication token twice adds one set of rows, behind a materialized view too", async () => {
  const settings = { insert_deduplication_token: "t1", deduplicate_blocks_in_dependent_materialized_views: 1 as const };
  await client.command({
    query: "CREATE TABLE d (a UInt32) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100",
  });
  await client.command({
    query: "CREATE TABLE s (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100",
  });
  await client.command({ query: "CREATE MATERIALIZED VIEW v TO s AS SELECT count() AS n FROM d" });
  for (let i = 0; i < 2; i += 1) {
    await client.insert({
      table: "d",
      format: "JSONEachRow",
      values: [{ a: 1 }, { a: 2 }],
      clickhouse_settings: settings,
    });
  }
  expect(await rows("SELECT toUInt32(count()) AS d, (SELECT toUInt32(sum(n)) FROM s) AS s FROM d")).toEqual([
    { d: 2, s: 2 },
  ]);
});

test("a GET may only read", async () => {
  const query = encodeURIComponent("CREATE TABLE no (a UInt8) ENGINE = Memory");
  const response = await fetch(`${server.url}/?query=${query}`);
  expect(response.headers.get("x-clickhouse-exception-code")).toBe("164");
});

test("names that are no names are refused, not run", async () => {
  const response = await fetch(`${server.url}/?${new URLSearchParams({ query: "SELECT 1", "x; DROP": "1" })}`);
  expect(response.status).toBe(400);
});

describe("the process", () => {
  test("keeps every acknowledged row over kill -9, and ends cleanly on SIGTERM", async () => {
    const path = join(dir, "kill");
    let one = await startEmbedded({ path });
    let its = createClient({ url: one.url });
    await its.command({ query: "CREATE TABLE k (a UInt32) ENGINE = MergeTree ORDER BY a" });
    for (let a = 0; a < 20; a += 1) await its.insert({ table: "k", format: "JSONEachRow", values: [{ a }] });
    await one.kill9();
    await its.close();
    one = await startEmbedded({ path });
    its = createClient({ url: one.url });
    expect(await rows("SELECT toUInt32(count()) AS n FROM k", {}, its)).toEqual([{ n: 20 }]);
    await its.close();
    await one.stop();
  });

  test("refuses a second instance on the same directory", async () => {
    await expect(startEmbedded({ path: join(dir, "data") })).rejects.toThrow(/is held by the ClickHouse engine/);
  });
});
