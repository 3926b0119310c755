import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";
import { aDatabase } from "~/server/testing/test-database";
import { migrate, readMigrations, render } from "./migrate";
import { createStore } from "./store";

const withoutLock = <T>(run: () => Promise<T>) => run();
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
    expect(await migrate(client, { database, cluster: null, withLock: withoutLock })).toEqual(
      readMigrations().map((one) => one.name),
    );
    expect(await migrate(client, { database, cluster: null, withLock: withoutLock })).toEqual([]);
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
      schedule_performance_minute_totals: "AggregatingMergeTree",
      accounts: "ReplacingMergeTree",
      settings: "ReplacingMergeTree",
      audit: "MergeTree",
    });
    expect(tables.map((row) => row.engine)).not.toContain("SummingMergeTree");
  });

  test("backfill new roll-ups from older data once", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const all = readMigrations();
    // Only the migrations of the new roll-ups are missing: the current code writes the columns of all other migrations.
    const before = all.filter(({ name }) => !/^00(11|13|33|35)/.test(name));
    await migrate(client, { database, cluster: null, withLock: withoutLock, migrations: before });
    const executions = Array.from({ length: 50 }, (_, i) => anExecution({ key: `x@${i}:replay:${i}` }));
    await createStore(client).insertBatch({ token: "1", schedules: [], executions });
    await migrate(client, { database, cluster: null, withLock: withoutLock, migrations: all });
    await createStore(client).insertBatch({ token: "2", schedules: [], executions: [anExecution({ key: "y@1" })] });
    for (const table of ["performance_days", "performance_totals", "performance_minute_totals", "trigger_metrics"]) {
      const sql = `SELECT sum(executions) AS n FROM schedule_${table}`;
      expect(await client.select(z.object({ n: z.int() }), { sql }), table).toEqual([{ n: 51 }]);
    }
  });

  test("index the words of existing rows and of new rows", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const all = readMigrations();
    await migrate(client, {
      database,
      cluster: null,
      withLock: withoutLock,
      migrations: all.filter(({ name }) => !name.startsWith("0012")),
    });
    const store = createStore(client);
    await store.insertBatch({ token: "1", schedules: [aSchedule({ name: "Nightly-Report 1" })], executions: [] });
    await migrate(client, { database, cluster: null, withLock: withoutLock, migrations: all });
    await store.insertBatch({ token: "2", schedules: [aSchedule({ name: "Nightly-Report 2" })], executions: [] });
    const page = await store.listSchedules({ q: "y-report", sort: "name", descending: false, limit: 5 });
    expect(page.items.map((row) => row.name)).toEqual(["Nightly-Report 1", "Nightly-Report 2"]);
  });

  test("let an older version start on additive newer migrations, and report them", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const older = readMigrations();
    const sql = "ALTER TABLE event_schedules {on_cluster} ADD COLUMN IF NOT EXISTS colour String DEFAULT 'blue';";
    const newer = [...older, { name: "9999_colour", sql }];
    await migrate(client, { database, cluster: null, withLock: withoutLock, migrations: newer });
    const reported: string[][] = [];
    const onNewer = (names: readonly string[]) => void reported.push([...names]);
    expect(await migrate(client, { database, cluster: null, withLock: withoutLock, onNewer })).toEqual([]);
    expect(reported).toEqual([["9999_colour"]]);
    await createStore(client).insertBatch({ token: "1", schedules: [aSchedule({ name: "older" })], executions: [] });
    const rows = await client.select(z.object({ name: z.string(), colour: z.string() }), {
      sql: "SELECT name, colour FROM event_schedules",
    });
    expect(rows).toEqual([{ name: "older", colour: "blue" }]);
    // The current version starts again: there is nothing left to apply.
    expect(await migrate(client, { database, cluster: null, withLock: withoutLock, migrations: newer })).toEqual([]);
  });

  test("after 0014 only add: they drop, rename and change nothing", () => {
    const isDestructive = /\b(DROP|RENAME|TRUNCATE|MODIFY COLUMN|DELETE)\b/i;
    const isNew = ({ name }: { name: string }) => name > "0014_small_blocks";
    expect(readMigrations().filter((one) => isNew(one) && isDestructive.test(one.sql.replace(/^--.*$/gm, "")))).toEqual(
      [],
    );
  });

  test("refuse to run if an applied file has changed, or is unknown and not compatible", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const first = { name: "0001_a", sql: "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = {merge_tree} ORDER BY x;" };
    const run = (migrations: (typeof first)[]) =>
      migrate(client, { database, cluster: null, withLock: withoutLock, migrations });
    await run([first]);
    await expect(run([{ ...first, sql: first.sql.replace("UInt8", "UInt16") }])).rejects.toThrow("0001_a has changed");
    await client.command({
      sql: "ALTER TABLE schema_migrations UPDATE compatible = false WHERE true SETTINGS mutations_sync = 2",
    });
    await expect(run([])).rejects.toThrow("does not know and cannot work with");
    expect(await run([{ ...first, sql: `${first.sql}\r\n` }])).toEqual([]);
  });

  test("apply each file once when two processes start at the same time", async () => {
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

  test("resume after a crash between two statements", async () => {
    const database = aDatabase();
    const client = clickhouse.connect(database);
    const good = "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = {merge_tree} ORDER BY x;";
    const run = (sql: string) =>
      migrate(client, { database, cluster: null, withLock: withoutLock, migrations: [{ name: "0001_a", sql }] });
    await expect(run(`${good}\nCREATE TABLE nonsense;`)).rejects.toThrow();
    expect(await run(`${good}\n${good.replace(" a ", " b ")}`)).toEqual(["0001_a"]);
  });

  test.each([
    [null, "CREATE TABLE t  ENGINE = ReplacingMergeTree(a, b)"],
    ["main", "CREATE TABLE t ON CLUSTER `main` ENGINE = ReplicatedReplacingMergeTree(a, b)"],
  ])("render the engines for the cluster %s", (cluster, expected) => {
    expect(render("CREATE TABLE t {on_cluster} ENGINE = {replacing(a, b)}", cluster)).toBe(expected);
    for (const { sql } of readMigrations()) expect(render(sql, cluster)).not.toMatch(/\{[a-z_]+[(}]/);
  });
});
