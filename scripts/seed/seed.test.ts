import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import { createStore } from "~/server/adapters/clickhouse/store";
import { END_REASONS, ERROR_CLASSES, TRIGGERS } from "~/server/domain/choices";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { nextOccurrence } from "~/server/domain/recurrence";
import { type EmbeddedClickHouse, startEmbedded } from "~/server/embedded-clickhouse/start";
import { seed } from "./run";

let dir: string;
let engine: EmbeddedClickHouse;
let client: ClickHouse;
const nowMs = Date.now();
const DAY_MS = 86_400_000;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "stufio-seed-"));
  engine = await startEmbedded({ path: dir });
  client = createClickHouse({ url: engine.url, database: "seeded" });
  await migrate(client, { database: "seeded", cluster: null, withLock: (run) => run() });
  await seed(client, { schedules: 500, executions: 20_000, days: 7, nowMs }, () => undefined);
}, 120_000);
afterAll(async () => {
  await client?.close();
  await engine?.stop();
  await rm(dir, { recursive: true, force: true });
});

const selectOne = async <T extends z.ZodRawShape>(shape: T, sql: string) =>
  (await client.select(z.object(shape), { sql }))[0];

describe("seeded data", () => {
  test("has schedules with distinct ids, and next runs at their cron times", async () => {
    const store = createStore(client);
    const { items, total } = await store.listSchedules({ sort: "created_at", descending: true, limit: 500 });
    expect(total).toBe(500);
    const states = new Set(items.map((row) => row.state.lastStatus));
    expect(states).toContain("dead");
    const recurring = items.filter((row) => isRecurring(row) && row.enabled);
    expect(recurring.length).toBeGreaterThan(200);
    for (const row of recurring) {
      if (!isRecurring(row)) continue;
      expect(nextOccurrence(recurrenceOf(row), nowMs)?.nominalMs, row.cronExpression).toBe(row.state.nextExecution);
    }
    expect(new Set(items.map((row) => row.scheduleId)).size).toBe(500);
    for (const row of items) expect(z.uuid().safeParse(row.scheduleId).success, row.scheduleId).toBe(true);
  });

  test("has executions of these schedules within the given days, and rolls them up", async () => {
    const number = z.coerce.number();
    const sum = await selectOne(
      {
        rows: number,
        orphans: number,
        first: number,
        last: number,
        dead: number,
        retried: number,
        late: number,
        unreadable: number,
      },
      `SELECT count() AS rows, countIf(schedule_id NOT IN (SELECT schedule_id FROM event_schedules)) AS orphans,
        min(toUnixTimestamp64Milli(scheduled_for)) AS first, max(toUnixTimestamp64Milli(scheduled_for)) AS last,
        countIf(outcome = 'dead') AS dead, countIf(attempt_count > 1 AND outcome = 'succeeded') AS retried, countIf(late) AS late,
        countIf(NOT isValidJSON(attempts)) AS unreadable
      FROM schedule_execution_results`,
    );
    expect(sum).toMatchObject({ rows: 20_000, orphans: 0, unreadable: 0 });
    // The seed moves rows towards the middle of their day, so the first row may be older than seven days.
    expect(sum?.first).toBeGreaterThan(nowMs - 8 * DAY_MS);
    expect(sum?.last).toBeLessThan(nowMs);
    for (const count of [sum?.dead, sum?.retried, sum?.late]) expect(count).toBeGreaterThan(20);
    const rolledUp = await selectOne({ n: number }, "SELECT sum(executions) AS n FROM schedule_performance_metrics");
    expect(rolledUp?.n).toBe(20_000);
  });

  test("has only the domain's outcomes, reasons, triggers and error classes", async () => {
    const names = z.array(z.string());
    const found = await selectOne(
      { ends: z.array(z.tuple([z.string(), z.string().nullable()])), triggers: names, classes: names, attempts: names },
      `SELECT groupUniqArray((toString(outcome), toString(reason))) AS ends, groupUniqArray(toString(trigger)) AS triggers,
        groupUniqArray(toString(error_class)) AS classes,
        arrayDistinct(arrayFlatten(groupArray(extractAll(attempts, '"errorClass":"(\\w+)"')))) AS attempts
      FROM schedule_execution_results`,
    );
    const ends = Object.entries(END_REASONS).flatMap(([outcome, reasons]) =>
      reasons.length === 0 ? [`${outcome} null`] : reasons.map((reason) => `${outcome} ${reason}`),
    );
    expect(ends).toEqual(expect.arrayContaining(found?.ends.map(([outcome, reason]) => `${outcome} ${reason}`) ?? []));
    expect(found?.ends.map(([outcome]) => outcome)).toContain("dead");
    expect(TRIGGERS).toEqual(expect.arrayContaining(found?.triggers ?? []));
    expect(found?.classes.toSorted()).toEqual(ERROR_CLASSES.toSorted());
    expect(found?.attempts.toSorted()).toEqual(ERROR_CLASSES.toSorted());
  });

  test("has the same roll-ups as the views would compute, and leaves no staging table", async () => {
    const viewed = createClickHouse({ url: engine.url, database: "viewed" });
    await migrate(viewed, { database: "viewed", cluster: null, withLock: (run) => run() });
    await viewed.command({
      sql: "INSERT INTO schedule_execution_results SELECT * FROM seeded.schedule_execution_results",
      settings: { max_partitions_per_insert_block: "0" },
    });
    const states = (table: string) => `SELECT toString(bucket) AS at, toString(cityHash64(groupArray(row))) AS n FROM (
        SELECT bucket, (topic, source, outcome, sum(executions), sum(late), sum(retried), quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(lateness),
          quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(publish), quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(queue), sumForEachMerge(heat)) AS row
        FROM ${table} WHERE bucket >= toStartOfDay(now('UTC') - toIntervalDay(6)) GROUP BY bucket, topic, source, outcome
        ORDER BY bucket, topic, source, outcome)
      GROUP BY bucket ORDER BY bucket`;
    const totals = (table: string) => `SELECT toString(bucket) AS at, toString(cityHash64(groupArray(row))) AS n FROM (
        SELECT bucket, (outcome, sum(executions), quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(lateness), sumForEachMerge(heat)) AS row
        FROM ${table} WHERE bucket >= toStartOfDay(now('UTC') - toIntervalDay(6)) GROUP BY bucket, outcome ORDER BY bucket, outcome)
      GROUP BY bucket ORDER BY bucket`;
    const queries = {
      hours: states("schedule_performance_metrics"),
      minutes: states("schedule_performance_minutes"),
      days: states("schedule_performance_days"),
      totals: totals("schedule_performance_totals"),
      minuteTotals: totals("schedule_performance_minute_totals"),
      failures: `SELECT schedule_id AS at, toString(sum(failed)) AS n FROM schedule_failure_metrics GROUP BY at ORDER BY at`,
      triggers: `SELECT concat(toString(bucket), topic, source, trigger, outcome) AS at, toString((sum(executions), sum(late))) AS n
        FROM schedule_trigger_metrics GROUP BY at ORDER BY at`,
      errors: `SELECT concat(toString(bucket), shape) AS at, toString(sum(errors)) AS n FROM schedule_error_metrics GROUP BY at ORDER BY at`,
    };
    for (const [name, sql] of Object.entries(queries)) {
      const row = z.object({ at: z.string(), n: z.string() });
      const seeded = await client.select(row, { sql });
      expect(seeded.length, name).toBeGreaterThan(5);
      expect(seeded, name).toEqual(await viewed.select(row, { sql }));
    }
    await viewed.close();
    const left = await selectOne(
      { n: z.coerce.number() },
      "SELECT count() AS n FROM system.tables WHERE name LIKE 'seed%'",
    );
    expect(left?.n).toBe(0);
  });
});
