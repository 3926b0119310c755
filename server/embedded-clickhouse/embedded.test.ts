import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, createClient, TupleParam } from "@clickhouse/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedClickHouse, startEmbedded } from "./start";

let dir: string;
let server: EmbeddedClickHouse;
let client: ClickHouseClient;

const connect = (over: object = {}) =>
  createClient({ url: server.url, request_timeout: 60_000, log: { level: ClickHouseLogLevel.OFF }, ...over });
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
  ["Array(Array(Nullable(UInt8)))", [[1, null], []]],
  ["Nullable(String)", null],
  ["Nullable(String)", "\\N"],
  ["Map(String, String)", { k: "v'x" }],
  ["LowCardinality(String)", "'; DROP TABLE t; --"],
  ["Date", "2026-11-24"],
  ["Enum8('a' = 1)", "a"],
])("a %s parameter %j is returned unchanged", async (type, value) => {
  const [row] = await rows(`SELECT {x:${type}} AS v`, { x: value });
  expect(row).toEqual({ v: value });
});

test.each([
  ["UInt64", "18446744073709551615"],
  ["Int64", "-9223372036854775808"],
  ["Decimal(38, 10)", "12345678901234567890.0123456789"],
  ["Tuple(UInt8, String)", new TupleParam([1, "it's"])],
])("a %s parameter %s keeps every digit", async (type, value) => {
  const text = value instanceof TupleParam ? "(1,'it\\'s')" : value;
  expect(await rows(`SELECT toString({x:${type}}) AS v`, { x: value })).toEqual([{ v: text }]);
});

test("an Identifier parameter names a table", async () => {
  await client.command({ query: "CREATE TABLE named (a UInt8) ENGINE = MergeTree ORDER BY a" });
  expect(await rows("SELECT toUInt32(count()) AS n FROM {t:Identifier}", { t: "named" })).toEqual([{ n: 0 }]);
});

test("a parameter applies to one request only", async () => {
  await rows("SELECT {secret:String} AS v", { secret: "x" });
  await expect(rows("SELECT {secret:String} AS v")).rejects.toMatchObject({ code: "456" });
});

test("a DateTime64 parameter keeps its milliseconds", async () => {
  const [row] = await rows("SELECT toUnixTimestamp64Milli({x:DateTime64(3,'UTC')}) AS v", {
    x: new Date(1_700_000_000_123),
  });
  expect(String(row?.v)).toBe("1700000000123");
});

test("parameters that are too long for a URL are sent as a form", async () => {
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
  ["SELECT 1; DROP TABLE big", "62"],
  ["SELECT sleep(3) SETTINGS max_execution_time = 1", "159"],
])("%s fails with ClickHouse's own code", async (query, code) => {
  await expect(rows(query)).rejects.toMatchObject({ code });
});

test("inserts an array and reads it back, both compressed, in the database of the client", async () => {
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

test.each(["JSON", "JSONCompact", "JSONColumnsWithMetadata"] as const)(
  "a long response in %s is one document",
  async (format) => {
    const answer = await client.query({ query: "SELECT number AS n FROM numbers(200000)", format });
    expect(JSON.parse(await answer.text())).toMatchObject({ rows: 200_000 });
  },
);

test("CSVWithNames has one header line", async () => {
  const text = await (
    await client.query({ query: "SELECT number AS n FROM numbers(200000)", format: "CSVWithNames" })
  ).text();
  expect(text.match(/"n"/g)).toHaveLength(1);
});

test.each([
  ["SHOW DATABASES", "name"],
  ["DESCRIBE TABLE system.one", "name"],
  ["EXPLAIN SELECT 1", "explain"],
])("%s returns rows", async (query, column) => {
  expect((await rows(query))[0]).toHaveProperty(column);
});

test("an error half-way through a stream reaches the reader", async () => {
  const answer = await client.query({
    query: "SELECT number, throwIf(number = 900000, 'too far') FROM numbers(1000000)",
    format: "JSONEachRow",
    clickhouse_settings: { max_threads: 1, max_block_size: "10000" },
  });
  const read = async () => {
    for await (const chunk of answer.stream()) expect(chunk.length).toBeGreaterThan(0);
  };
  await expect(read()).rejects.toMatchObject({ code: "395" });
});

test("rows in the statement are inserted with any content", async () => {
  await client.command({ query: "CREATE TABLE inline (a UInt32, s String) ENGINE = MergeTree ORDER BY a" });
  await client.command({ query: "INSERT INTO inline VALUES (1, 'x; DROP TABLE inline'), (1 + 1, concat('a', 'b'))" });
  await client.command({ query: 'INSERT INTO inline FORMAT JSONEachRow\n{"a":3,"s":"x"}\n\n{"a":4,"s":"; y"}' });
  await client.command({ query: "INSERT INTO inline VALUES ({a:UInt32}, {s:String})", query_params: { a: 5, s: "p" } });
  expect((await rows("SELECT s FROM inline ORDER BY a")).map(({ s }) => s)).toEqual([
    "x; DROP TABLE inline",
    "ab",
    "x",
    "; y",
    "p",
  ]);
});

test("a CSV stream with empty lines inside quotes, gzipped, is inserted whole and counted", async () => {
  const gzipping = connect({ compression: { request: true, response: true } });
  const result = await gzipping.insert({
    table: "inline",
    format: "CSV",
    columns: ["a", "s"],
    values: Readable.from(['10,"a\n', '\nb"\n11,c\n'], { objectMode: false }),
  });
  expect(result.summary?.written_rows).toBe("2");
  expect(await rows("SELECT s FROM inline WHERE a >= 10 ORDER BY a")).toEqual([{ s: "a\n\nb" }, { s: "c" }]);
  await gzipping.close();
});

test("a bad row fails a small insert with ClickHouse's code, and no row is inserted", async () => {
  const values = Readable.from([{ a: 20 }, { a: "no number" }]);
  await expect(client.insert({ table: "inline", format: "JSONEachRow", values })).rejects.toMatchObject({ code: "27" });
  expect(await rows("SELECT a FROM inline WHERE a >= 20")).toEqual([]);
});

test("inserts a million rows and streams them back", async () => {
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

test("concurrent statements share no settings or parameters", async () => {
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

test("two inserts with one deduplication token add the rows once, also through a materialized view", async () => {
  const settings = { insert_deduplication_token: "t1", deduplicate_blocks_in_dependent_materialized_views: 1 as const };
  await client.command({
    query: "CREATE TABLE d (a UInt32) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100",
  });
  await client.command({
    query: "CREATE TABLE s (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100",
  });
  await client.command({ query: "CREATE MATERIALIZED VIEW v TO s AS SELECT count() AS n FROM d" });
  // Each insert has more than one block, so that the test also covers the token of each block.
  const values = Array.from({ length: 1_200_000 }, (_, a) => ({ a }));
  for (let i = 0; i < 2; i += 1) {
    await client.insert({
      table: "d",
      format: "JSONEachRow",
      values,
      clickhouse_settings: settings,
    });
  }
  expect(await rows("SELECT toUInt32(count()) AS d, (SELECT toUInt32(sum(n)) FROM s) AS s FROM d")).toEqual([
    { d: 1_200_000, s: 1_200_000 },
  ]);
});
