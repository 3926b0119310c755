import { beforeAll, describe, expect, test } from "vitest";
import { chooseZones } from "~/server/adapters/tz/choose";
import { END_REASONS } from "~/server/domain/choices";
import { isRecurring, occurrencesOf, recurrenceOf } from "~/server/domain/plan";
import { loadZones, localTime, nextOccurrence, skippedByDst } from "~/server/domain/recurrence";
import { demoWorld, type World } from "./world";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-29T13:37:21.420Z");
let world: World;

beforeAll(() => {
  loadZones(chooseZones({ tzdataDir: null }).database);
  world = demoWorld(NOW);
});

const runsOf = (name: string) => world.executions.filter((row) => row.scheduleName === name);
const scheduleOf = (name: string) => world.schedules.find((row) => row.name === name) ?? expect.fail(name);

describe("the demo", () => {
  test("has only executions at times of their schedules, and each of them once", () => {
    expect(new Set(world.executions.map(({ executionId }) => executionId)).size).toBe(world.executions.length);
    for (const schedule of world.schedules) {
      const planned = world.executions.filter(
        (row) => row.scheduleId === schedule.scheduleId && row.trigger !== "manual",
      );
      if (!isRecurring(schedule)) {
        expect(planned.map((row) => row.scheduledFor)).toEqual(
          schedule.state.completed ? [schedule.executionTime] : [],
        );
        continue;
      }
      const first = Math.min(NOW - 15 * DAY_MS, ...planned.map((row) => row.scheduledFor));
      const range = { afterMs: first - DAY_MS, untilMs: NOW, limit: 100_000 };
      const beforeMove = { ...schedule, cronExpression: "0 * * * *" };
      const times = [
        ...occurrencesOf(schedule, range),
        ...(schedule.name === "data.hourly-totals" ? occurrencesOf(beforeMove, range) : []),
        ...skippedByDst(recurrenceOf(schedule), range),
      ];
      const allowed = new Set(times.map(({ nominalMs }) => nominalMs));
      const unplanned = planned.filter((row) => !allowed.has(row.scheduledFor));
      expect(unplanned, schedule.name ?? "").toEqual([]);
    }
  });

  test("has executions up to its start, none that end later, and the next run of each active cron", () => {
    const last = runsOf("ops.heartbeat").at(-1);
    expect(last?.scheduledFor).toBe(Math.floor(NOW / 60_000) * 60_000);
    expect(Math.max(...world.executions.map(({ endedAt }) => endedAt))).toBeLessThanOrEqual(NOW);
    for (const schedule of world.schedules.filter((one) => one.enabled && isRecurring(one))) {
      if (!isRecurring(schedule)) continue;
      expect(schedule.state.nextExecution).toBe(nextOccurrence(recurrenceOf(schedule), NOW)?.nominalMs);
    }
  });

  test("has the first run of each recurring schedule after its creation", () => {
    for (const schedule of world.schedules) {
      if (!isRecurring(schedule)) continue;
      const first = world.executions
        .filter((row) => row.scheduleId === schedule.scheduleId)
        .reduce((least, row) => Math.min(least, row.scheduledFor), Number.POSITIVE_INFINITY);
      const version = schedule.name === "data.hourly-totals" ? { ...schedule, cronExpression: "0 * * * *" } : schedule;
      const wanted = nextOccurrence(recurrenceOf(version), schedule.createdAt)?.nominalMs ?? Number.POSITIVE_INFINITY;
      if (wanted < NOW) expect(first, schedule.name ?? "").toBe(wanted);
    }
  });

  test("has the time of each schedule's last run, manual runs included", () => {
    expect(runsOf("billing.ledger-export").some(({ trigger }) => trigger === "manual")).toBe(true);
    for (const schedule of world.schedules) {
      const ends = world.executions
        .filter((row) => row.scheduleId === schedule.scheduleId && row.outcome !== "skipped")
        .map(({ endedAt }) => endedAt);
      const last = ends.length === 0 ? null : Math.max(...ends);
      expect(schedule.state.lastExecution, schedule.name ?? "").toBe(last);
    }
  });

  test("counts all runs of a schedule since its creation, except skipped runs", () => {
    const reindex = scheduleOf("catalog.reindex-products");
    const planned = Math.floor((NOW - reindex.createdAt) / (5 * 60_000));
    const down = runsOf("catalog.reindex-products").filter(({ outcome }) => outcome === "skipped").length;
    expect(reindex.state.executionCount).toBe(planned - down);
  });

  test("has valid reasons, and all attempts of each dead occurrence", () => {
    for (const row of world.executions) {
      const reasons: readonly string[] = END_REASONS[row.outcome];
      if (row.reason === null) expect(reasons).toEqual([]);
      else expect(reasons).toContain(row.reason);
      // The default is three retries.
      if (row.outcome === "dead") expect(row.attempts).toHaveLength(row.reason === "bad_payload" ? 1 : 4);
      if (row.outcome === "succeeded") expect(row.attempts.at(-1)?.errorClass).toBeNull();
      for (const [at, attempt] of row.attempts.entries()) {
        expect(attempt.at).toBeGreaterThanOrEqual(row.attempts[at - 1]?.at ?? row.effectiveAt);
      }
    }
  });

  test("has an open incident, a paused schedule, a night without workers and a crowded minute", () => {
    const contacts = runsOf("crm.sync-contacts");
    expect(contacts.at(-1)).toMatchObject({ outcome: "dead", errorClass: "bad_payload" });
    expect(contacts.filter(({ outcome }) => outcome === "dead").length).toBeGreaterThan(4);
    expect(scheduleOf("crm.sync-contacts").state.lastStatus).toBe("dead");
    expect(scheduleOf("catalog.import-prices")).toMatchObject({ enabled: false, pausedBy: "ana@example.org" });
    const reasons = new Set(world.executions.map(({ reason }) => reason));
    for (const reason of ["paused", "catch_up_policy", "bad_payload", "retries_used_up"])
      expect(reasons).toContain(reason);
    expect(world.executions.some(({ trigger, late }) => trigger === "catch_up" && late)).toBe(true);
    const midnight = world.schedules.filter((row) => row.cronExpression === "0 0 * * *");
    expect(midnight.length).toBeGreaterThanOrEqual(10);
  });

  test("has a run that was skipped in a gap, and a local time that occurred twice", () => {
    const gap = runsOf("billing.close-day-australia").filter(({ reason }) => reason === "dst_gap");
    expect(gap.map((row) => [row.outcome, localTime("Australia/Sydney", row.scheduledFor)])).toEqual([
      ["skipped", "2026-10-04T03:30:00+11:00"],
    ]);
    const review = runsOf("risk.night-review").filter((row) =>
      localTime("America/New_York", row.scheduledFor).startsWith("2026-11-01"),
    );
    expect(review.map((row) => new Date(row.scheduledFor).toISOString())).toEqual([
      "2026-11-01T05:30:00.000Z",
      "2026-11-01T06:30:00.000Z",
    ]);
    expect(new Set(review.map((row) => localTime("America/New_York", row.scheduledFor).slice(0, 19))).size).toBe(1);
  });

  test.each(["2027-02-15", "2027-04-10", "2027-08-30"])(
    "has a clock change in its history if it starts on %s",
    (day) => {
      const { executions } = demoWorld(Date.parse(`${day}T12:00:00Z`));
      const hours = new Set(
        executions
          .filter(({ scheduleName }) => scheduleName === "billing.close-day-australia")
          .map((row) => new Date(row.scheduledFor).getUTCHours()),
      );
      // The schedule fires at a fixed local time, so its hour in UTC depends on the season.
      expect(hours.size).toBe(2);
    },
  );

  test("has the same executions if it is built again for the same time", () => {
    expect(demoWorld(NOW).executions).toEqual(world.executions);
  });
});
