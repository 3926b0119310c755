import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { aDatabase, startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";
import { migrate, readMigrations, render } from "./migrate";
import { createStore } from "./store";

const free = <T>(run: () => Promise<T>) => run();
const Row = z.object({ name: z.string(), engine: z.string() });
let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(() => clickhouse.stop());

describe("migrations", () => {
  test("create the database and its tables; a second run does nothing", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    expect(await migrate(client, { database, cluster: null, withLock: free })).toEqual(
      readMigrations().map((one) => one.name),
    );
    expect(await migrate(client, { database, cluster: null, withLock: free })).toEqual([]);
    const tables = await client.select(Row, {
      sql: "SELECT name, engine FROM system.tables WHERE database = currentDatabase()",
    });
    expect(Object.fromEntries(tables.map((row) => [row.name, row.engine]))).toMatchObject({
      event_schedules: "ReplacingMergeTree",
      schedule_execution_results: "ReplacingMergeTree",
      schedule_performance_days: "AggregatingMergeTree",
      schedule_performance_totals: "AggregatingMergeTree",
      schedule_performance_metrics: "AggregatingMergeTree",
      schedule_performance_minutes: "AggregatingMergeTree",
      accounts: "ReplacingMergeTree",
      settings: "ReplacingMergeTree",
      audit: "MergeTree",
    });
    expect(tables.map((row) => row.engine)).not.toContain("SummingMergeTree");
  });

  test("bring the later roll-ups what the hourly one has from before, once", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const all = readMigrations();
    // Later columns are there: rows are written by today's code.
    const before = all.filter(({ name }) => !/^00(11|13)/.test(name));
    await migrate(client, { database, cluster: null, withLock: free, migrations: before });
    const executions = Array.from({ length: 50 }, (_, i) => anExecution({ key: `x@${i}:replay:${i}` }));
    await createStore(client).insertBatch({ token: "1", schedules: [], executions });
    await migrate(client, { database, cluster: null, withLock: free, migrations: all });
    await createStore(client).insertBatch({ token: "2", schedules: [], executions: [anExecution({ key: "y@1" })] });
    for (const table of ["days", "totals"]) {
      const sql = `SELECT sum(executions) AS n FROM schedule_performance_${table}`;
      expect(await client.select(z.object({ n: z.int() }), { sql }), table).toEqual([{ n: 51 }]);
    }
  });

  test("let words of what is stored be found as those of what comes after", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const all = readMigrations();
    await migrate(client, {
      database,
      cluster: null,
      withLock: free,
      migrations: all.filter(({ name }) => !name.startsWith("0012")),
    });
    const store = createStore(client);
    await store.insertBatch({ token: "1", schedules: [aSchedule({ name: "Nightly-Report 1" })], executions: [] });
    await migrate(client, { database, cluster: null, withLock: free, migrations: all });
    await store.insertBatch({ token: "2", schedules: [aSchedule({ name: "Nightly-Report 2" })], executions: [] });
    const page = await store.listSchedules({ q: "y-report", sort: "name", descending: false, limit: 5 });
    expect(page.items.map((row) => row.name)).toEqual(["Nightly-Report 1", "Nightly-Report 2"]);
  });

  test("let an older version start on what a newer one has added, and tell which", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const older = readMigrations();
    const sql = "ALTER TABLE event_schedules {on_cluster} ADD COLUMN IF NOT EXISTS colour String DEFAULT 'blue';";
    const newer = [...older, { name: "9999_colour", sql }];
    await migrate(client, { database, cluster: null, withLock: free, migrations: newer });
    const told: string[][] = [];
    const onNewer = (names: readonly string[]) => void told.push([...names]);
    expect(await migrate(client, { database, cluster: null, withLock: free, onNewer })).toEqual([]);
    expect(told).toEqual([["9999_colour"]]);
    await createStore(client).insertBatch({ token: "1", schedules: [aSchedule({ name: "older" })], executions: [] });
    const rows = await client.select(z.object({ name: z.string(), colour: z.string() }), {
      sql: "SELECT name, colour FROM event_schedules",
    });
    expect(rows).toEqual([{ name: "older", colour: "blue" }]);
    // Forwards again: nothing is left to do.
    expect(await migrate(client, { database, cluster: null, withLock: free, migrations: newer })).toEqual([]);
  });

  test("only add, unless they are named as breaking", () => {
    const takesAway = /\b(DROP|RENAME|TRUNCATE|MODIFY COLUMN|DELETE)\b/i;
    const isNew = ({ name }: { name: string }) => name > "0014_small_blocks";
    expect(readMigrations().filter((one) => isNew(one) && takesAway.test(one.sql.replace(/^--.*$/gm, "")))).toEqual([]);
  });

  test("refuse to go on when an applied file has changed, or is not known", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const first = { name: "0001_a", sql: "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = {merge_tree} ORDER BY x;" };
    const run = (migrations: (typeof first)[]) =>
      migrate(client, { database, cluster: null, withLock: free, migrations });
    await run([first]);
    await expect(run([{ ...first, sql: first.sql.replace("UInt8", "UInt16") }])).rejects.toThrow("0001_a has changed");
    await client.command({
      sql: "ALTER TABLE schema_migrations UPDATE compatible = false WHERE true SETTINGS mutations_sync = 2",
    });
    await expect(run([])).rejects.toThrow("does not know and cannot work with");
    expect(await run([{ ...first, sql: `${first.sql}\r\n` }])).toEqual([]);
  });

  test("two starters at once apply each file once", async () => {
    const database = aDatabase();
    let last: Promise<unknown> = Promise.resolve();
    const oneByOne = <T>(run: () => Promise<T>): Promise<T> => {
      const next = last.then(run);
      last = next.catch(() => undefined);
      return next;
    };
    const runs = await Promise.all(
      [1, 2].map(() => migrate(clickhouse.connect(database), { database, cluster: null, withLock: oneByOne })),
    );
    expect(runs.map((names) => names.length).sort()).toEqual([0, readMigrations().length]);
  });

  test("a crash between two statements is repaired by the next start", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const good = "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = {merge_tree} ORDER BY x;";
    const run = (sql: string) =>
      migrate(client, { database, cluster: null, withLock: free, migrations: [{ name: "0001_a", sql }] });
    await expect(run(`${good}\nCREATE TABLE nonsense;`)).rejects.toThrow();
    expect(await run(`${good}\n${good.replace(" a ", " b ")}`)).toEqual(["0001_a"]);
  });

  test.each([
    [null, "CREATE TABLE t  ENGINE = ReplacingMergeTree(a, b)"],
    ["main", "CREATE TABLE t ON CLUSTER `main` ENGINE = ReplicatedReplacingMergeTree(a, b)"],
  ])("on the cluster %s the engines follow", (cluster, expected) => {
    expect(render("CREATE TABLE t {on_cluster} ENGINE = {replacing(a, b)}", cluster)).toBe(expected);
    for (const { sql } of readMigrations()) expect(render(sql, cluster)).not.toMatch(/\{[a-z_]+[(}]/);
  });
});
