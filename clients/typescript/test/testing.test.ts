import { describe, expect, test } from "vitest";
import { createTestScheduler, type TestSchedulerOptions } from "../src/testing";

const DAILY = { topic: "reports", cron_expression: "30 2 * * *", timezone: "Europe/Berlin" };
const HOURLY = { topic: "reports", cron_expression: "0 * * * *" };
const start = (now: TestSchedulerOptions["now"]) => createTestScheduler({ now });
const times = (events: readonly { at: string }[]) => events.map(({ at }) => at);

describe("clock changes", () => {
  test("02:30 runs once on the weekend in spring on which it does not exist", async () => {
    const scheduler = start("2027-03-27T12:00:00Z");
    await scheduler.schedules.create(DAILY);
    scheduler.advanceTo("2027-03-29T12:00:00+02:00");
    scheduler.expectFired(["2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"]);
  });

  test("02:30 runs once on the weekend in autumn on which it occurs twice", async () => {
    const scheduler = start("2027-10-30T12:00:00Z");
    await scheduler.schedules.create(DAILY);
    scheduler.advanceTo("2027-11-01T12:00:00+01:00");
    scheduler.expectFired(["2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"]);
  });

  test.each([
    ["first_valid", ["2027-03-28T01:00:00.000Z"]],
    ["shift", ["2027-03-28T01:30:00.000Z"]],
    ["skip", []],
  ] as const)("dst_gap %s", async (dst_gap, expected) => {
    const scheduler = start("2027-03-27T12:00:00Z");
    await scheduler.schedules.create({ ...DAILY, dst_gap });
    expect(times(scheduler.advanceTo("2027-03-28T12:00:00Z"))).toEqual(expected);
  });

  test("a run that a clock change skips is listed as unfired", async () => {
    const scheduler = start("2027-03-27T12:00:00Z");
    await scheduler.schedules.create({ ...DAILY, name: "nightly", dst_gap: "skip" });
    scheduler.advanceTo("2027-03-30T12:00:00Z");
    expect(scheduler.unfired({ name: "nightly" })).toEqual([
      expect.objectContaining({ scheduled_for: "2027-03-28T01:30:00.000Z", outcome: "skipped", reason: "dst_gap" }),
    ]);
  });

  test.each([
    ["first", ["2027-10-31T00:30:00.000Z"]],
    ["second", ["2027-10-31T01:30:00.000Z"]],
    ["both", ["2027-10-31T00:30:00.000Z", "2027-10-31T01:30:00.000Z"]],
  ] as const)("dst_overlap %s", async (dst_overlap, expected) => {
    const scheduler = start("2027-10-30T12:00:00Z");
    await scheduler.schedules.create({ ...DAILY, dst_overlap });
    expect(times(scheduler.advanceTo("2027-10-31T12:00:00Z"))).toEqual(expected);
  });
});

describe("the end of a schedule", () => {
  test("max_runs counts planned runs, and not manual ones", async () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    const { schedule_id } = await scheduler.schedules.create({ ...HOURLY, max_runs: 20 });
    await scheduler.schedules.runNow(schedule_id);
    expect(scheduler.advanceTo("2027-01-03T00:00:00Z")).toHaveLength(20);
    expect(await scheduler.schedules.get(schedule_id)).toMatchObject({
      ...{ status: "completed", execution_count: 21, runs_taken: 20, next_execution: null },
      ...{ last_execution: "2027-01-01T20:00:00.000Z", last_status: "succeeded" },
    });
  });

  test("end_at is the last possible time, and start_at the first", async () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    await scheduler.schedules.create({ ...HOURLY, start_at: "2027-01-01T03:00:00Z", end_at: "2027-01-01T05:00:00Z" });
    scheduler.advanceTo("2027-01-02T00:00:00Z");
    scheduler.expectFired(["2027-01-01T03:00:00Z", "2027-01-01T04:00:00Z", "2027-01-01T05:00:00Z"]);
  });

  test("a one-time event is published once, or never if it is cancelled before", async () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    const event = { topic: "mails", entityType: "user", entityId: "7", action: "remind", payload: { n: 1 } };
    const first = await scheduler.scheduleEvent({ ...event, scheduledAt: new Date("2027-01-01T09:00:00Z") });
    const second = await scheduler.publishWithDelay({ ...event, delaySeconds: 60 });
    expect([await scheduler.cancelEvent(second), await scheduler.cancelEvent(second)]).toEqual([true, false]);
    const [fired, ...others] = scheduler.advanceTo("2028-01-01T00:00:00Z");
    expect(others).toEqual([]);
    expect(fired).toMatchObject({ at: "2027-01-01T09:00:00.000Z", schedule_id: first, payload: { n: 1 } });
    expect(JSON.parse(fired?.message.value ?? "")).toMatchObject({
      entity: { type: "user", id: "7" },
      action: "remind",
    });
    expect(fired?.message).toMatchObject({ key: "user.7", headers: { schedule_id: first, attempt: "1" } });
    expect(scheduler.unfired()).toMatchObject([{ schedule_id: second, outcome: "cancelled", reason: "deleted" }]);
  });
});

describe("pauses", () => {
  test.each([
    ["none", []],
    ["last", ["2027-01-01T05:00:00.000Z"]],
    [
      "all",
      ["2027-01-01T02:00:00.000Z", "2027-01-01T03:00:00.000Z", "2027-01-01T04:00:00.000Z", "2027-01-01T05:00:00.000Z"],
    ],
  ] as const)("a resume with missed %s runs the missed runs of its choice", async (missed, expected) => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create(HOURLY);
    scheduler.advanceTo("2027-01-01T01:30:00Z");
    await scheduler.schedules.pause(schedule_id, { note: "deploy" });
    expect(scheduler.advanceTo("2027-01-01T05:30:00Z")).toEqual([]);
    await scheduler.schedules.resume(schedule_id, { missed });
    const caughtUp = scheduler.fired({ trigger: "catch_up" });
    expect(caughtUp.map((event) => event.scheduled_for)).toEqual(expected);
    expect(new Set(times(caughtUp)).size).toBe(expected.length === 0 ? 0 : 1);
    expect(scheduler.unfired()).toHaveLength(4 - expected.length);
    expect(times(scheduler.advanceTo("2027-01-01T06:30:00Z"))).toEqual(["2027-01-01T06:00:00.000Z"]);
  });

  test("a pause with an end resumes by itself", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create({ ...HOURLY, catch_up: { policy: "none" } });
    await scheduler.schedules.pause(schedule_id, { until: "2027-01-01T02:30:00Z" });
    scheduler.advanceTo("2027-01-01T03:30:00Z");
    scheduler.expectFired(["2027-01-01T03:00:00Z"]);
  });

  test("a paused one-time event runs at the resume, unless it is skipped or too late", async () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    const create = async (fields: object) => {
      const times = { topic: "mails", execution_time: "2027-01-01T01:00:00Z" };
      const { schedule_id } = await scheduler.schedules.create({ ...times, ...fields });
      await scheduler.schedules.pause(schedule_id);
      return schedule_id;
    };
    const run = await create({ name: "run" });
    const skipped = await create({ name: "skipped" });
    const late = await create({ name: "late", max_delay_seconds: 60 });
    scheduler.advanceTo("2027-01-01T02:00:00Z");
    await scheduler.schedules.resume(run);
    await scheduler.schedules.resume(skipped, { missed: "none" });
    await scheduler.schedules.resume(late);
    scheduler.expectFired([{ name: "run", at: "2027-01-01T02:00:00Z", scheduled_for: "2027-01-01T01:00:00Z" }]);
    expect(scheduler.unfired()).toMatchObject([
      { name: "skipped", outcome: "skipped", reason: "paused" },
      { name: "late", outcome: "expired", reason: "max_delay" },
    ]);
  });
});

describe("edits, order and jitter", () => {
  test("an edit of the cron plans from the time of the edit, and a stale version is refused", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create(HOURLY);
    scheduler.advanceTo("2027-01-01T01:30:00Z");
    const edited = await scheduler.schedules.update(schedule_id, { cron_expression: "45 * * * *" });
    expect(edited).toMatchObject({ version: 2, next_execution: "2027-01-01T01:45:00.000Z" });
    scheduler.advanceTo("2027-01-01T03:00:00Z");
    scheduler.expectFired(["2027-01-01T01:00:00Z", "2027-01-01T01:45:00Z", "2027-01-01T02:45:00Z"]);
    await expect(scheduler.schedules.update(schedule_id, { priority: 1 }, { ifVersion: 1 })).rejects.toMatchObject({
      code: "version_stale",
      problem: { current_version: 2 },
    });
  });

  test("a higher priority goes first at the same instant", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    await scheduler.schedules.create({ ...HOURLY, name: "low" });
    await scheduler.schedules.create({ ...HOURLY, name: "high", priority: 9 });
    scheduler.advanceTo("2027-01-01T01:00:00Z");
    scheduler.expectFired([{ name: "high" }, { name: "low" }]);
  });

  test("jitter is the same in each test, and a jitter of 0 delays nothing", async () => {
    const delays = async (jitter_seconds: number) => {
      const scheduler = start("2027-01-01T00:30:00Z");
      await scheduler.schedules.create({ ...HOURLY, jitter_seconds });
      const events = scheduler.runUntil((event) => event.scheduled_for === "2027-01-01T03:00:00.000Z");
      return events.map((event) => Date.parse(event.at) - Date.parse(event.scheduled_for));
    };
    expect(await delays(0)).toEqual([0, 0, 0]);
    const delayed = await delays(600);
    expect(await delays(600)).toEqual(delayed);
    expect(new Set(delayed).size).toBe(3);
    expect(Math.min(...delayed)).toBeGreaterThan(0);
    expect(Math.max(...delayed)).toBeLessThan(600_000);
  });

  test("a manual run is published at once, even during a pause", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create(HOURLY);
    await scheduler.schedules.pause(schedule_id);
    const { executionId, wasPaused } = await scheduler.schedules.runNow(schedule_id);
    expect(wasPaused).toBe(true);
    scheduler.expectFired([{ trigger: "manual", execution_id: executionId, at: "2027-01-01T00:30:00Z" }]);
  });

  test("publish with the same key is refused at another time, because the execution time differs", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const publish = () =>
      scheduler.publish({ topic: "mails", entityType: "user", action: "greet" }, { idempotencyKey: "k" });
    const id = await publish();
    expect(await publish()).toBe(id);
    scheduler.advanceTo("2027-01-01T00:30:01Z");
    await expect(publish()).rejects.toMatchObject({ code: "idempotency_key_reused" });
    expect(scheduler.fired()).toHaveLength(1);
  });

  test("an idempotency key creates once, and is refused for another request", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const create = (topic: string) => scheduler.schedules.create({ ...HOURLY, topic }, { idempotencyKey: "k" });
    expect((await create("a")).schedule_id).toBe((await create("a")).schedule_id);
    await expect(create("b")).rejects.toMatchObject({ code: "idempotency_key_reused" });
  });
});

describe("events by name", () => {
  test("scheduleEvent takes a named schedule, and publish fires at once", async () => {
    const scheduler = start("2027-01-01T08:30:00Z");
    const event = { topic: "reports", entityType: "report", action: "generate" };
    await scheduler.scheduleEvent({ name: "daily", event, cronExpression: "0 9 * * *", payload: { n: 1 } });
    await scheduler.publish({ topic: "mails", entityType: "user", action: "greet" });
    scheduler.advanceTo("2027-01-01T12:00:00Z");
    scheduler.expectFired([
      { topic: "mails", at: "2027-01-01T08:30:00Z" },
      { name: "daily", at: "2027-01-01T09:00:00Z", payload: { n: 1 } },
    ]);
  });
});

describe("lists and previews", () => {
  test("list filters, sorts and pages as the server does", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    for (const name of ["b", "a", "c"]) await scheduler.schedules.create({ ...HOURLY, name, tags: [name] });
    await scheduler.schedules.create({ topic: "mails", execution_time: "2027-01-02T00:00:00Z" });
    const { list } = scheduler.schedules;
    const names: (string | null)[] = [];
    for await (const { name } of list({ topic: "reports", sort: "name", limit: 2 })) names.push(name);
    expect(names).toEqual(["a", "b", "c"]);
    const first = await list({ topic: "reports", sort: "-name", limit: 2 }).first();
    expect(first).toMatchObject({ items: [{ name: "c" }, { name: "b" }], total: 3, total_is_exact: true });
    expect((await list({ kind: "one_time" }).first()).items).toMatchObject([{ topic: "mails", cadence: "Once" }]);
    expect((await list({ due_before: "2027-01-01T02:00:00Z", tag: ["a", "c"] }).first()).total).toBe(2);
    await expect(list({ limit: 0 }).first()).rejects.toMatchObject({ code: "validation_failed" });
    await expect(list({ cursor: "other" }).first()).rejects.toMatchObject({ code: "cursor_invalid" });
  });

  test("preview shows the next occurrences after the virtual time", async () => {
    const scheduler = start("2027-03-27T12:00:00Z");
    const cron = { cron_expression: "30 2 * * *", timezone: "Europe/Berlin", count: 2 };
    const { occurrences, runs } = await scheduler.schedules.preview(cron);
    expect(occurrences.map(({ nominal }) => nominal)).toEqual(["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]);
    expect(runs).toEqual({ next_day: 1, next_week: 7 });
    await expect(scheduler.schedules.preview({ cron_expression: "61 * * * *" })).rejects.toMatchObject({
      code: "cron_invalid",
    });
  });
});

describe("publishing that fails", () => {
  test("is repeated after the longest delays, as the same execution", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    await scheduler.schedules.create({ ...HOURLY, name: "hourly", retry_delay_seconds: 60 });
    scheduler.failPublishing({ times: 2, message: "no broker", error_class: "broker_connection" });
    scheduler.advanceTo("2027-01-01T02:30:00Z");
    const execution_id = scheduler.failedAttempts()[0]?.execution_id as string;
    expect(scheduler.failedAttempts({ name: "hourly" })).toMatchObject([
      { at: "2027-01-01T01:00:00.000Z", attempt: 1, retry_at: "2027-01-01T01:01:00.000Z", error: "no broker" },
      { at: "2027-01-01T01:01:00.000Z", attempt: 2, retry_at: "2027-01-01T01:03:00.000Z", execution_id },
    ]);
    const [late] = scheduler.fired();
    expect(late?.message.headers).toMatchObject({ attempt: "3", event_id: execution_id });
    scheduler.expectFired([
      { at: "2027-01-01T01:03:00Z", scheduled_for: "2027-01-01T01:00:00Z", attempt: 3, execution_id },
      { at: "2027-01-01T02:00:00Z", attempt: 1 },
    ]);
  });

  test("ends as a dead letter without delaying the next run", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create({ ...HOURLY, retry_delay_seconds: 3600 });
    await scheduler.schedules.create({ ...HOURLY, topic: "others" });
    const recover = scheduler.failPublishing({ topic: "reports" });
    scheduler.advanceTo("2027-01-01T01:30:00Z");
    recover();
    scheduler.advanceTo("2027-01-01T02:30:00Z");
    const times = ["2027-01-01T02:00:00.000Z", "2027-01-01T02:00:00.000Z"];
    expect(scheduler.fired({ topic: "reports" }).map(({ at }) => at)).toEqual(times);
    expect(scheduler.fired({ topic: "others" })).toHaveLength(2);
    scheduler.failPublishing({ topic: "reports", message: "no leader" });
    scheduler.advanceTo("2027-01-01T11:30:00Z");
    expect(scheduler.unfired({ outcome: "dead" })[0]).toMatchObject({
      ...{ schedule_id, scheduled_for: "2027-01-01T03:00:00.000Z", reason: "retries_used_up" },
      ...{ attempts: 4, error: "no leader", error_class: "publish" },
    });
    expect(await scheduler.schedules.get(schedule_id)).toMatchObject({ last_status: "dead", last_error: "no leader" });
  });

  test.each([
    [{ error_class: "bad_payload" } as const, {}, { reason: "bad_payload", attempts: 1, error_class: "bad_payload" }],
    [{}, { max_retries: 0 }, { reason: "retries_used_up", attempts: 1, error_class: "publish" }],
    [{}, { max_delay_seconds: 90, retry_delay_seconds: 60 }, { reason: "max_delay", attempts: 2 }],
  ])("with the fault %j and the fields %j ends with %j", async (fault, fields, expected) => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const event = { topic: "mails", execution_time: "2027-01-01T01:00:00Z", ...fields };
    const { schedule_id } = await scheduler.schedules.create(event);
    scheduler.failPublishing(fault);
    scheduler.advanceTo("2027-01-01T06:00:00Z");
    expect(scheduler.unfired()).toMatchObject([{ outcome: "dead", ...expected }]);
    const counted = { status: "completed", execution_count: 1, error_count: 1 };
    expect(await scheduler.schedules.get(schedule_id)).toMatchObject(counted);
  });

  test("a one-time event that waits for its retry can be cancelled, but not paused or edited", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const event = { topic: "mails", entityType: "user", action: "greet" };
    const id = await scheduler.publishWithDelay({ ...event, delaySeconds: 60 });
    scheduler.failPublishing({ times: 1 });
    scheduler.advanceTo("2027-01-01T00:31:30Z");
    expect(await scheduler.schedules.get(id)).toMatchObject({ status: "active" });
    await expect(scheduler.schedules.pause(id)).rejects.toMatchObject({ code: "conflict" });
    await expect(scheduler.schedules.update(id, { priority: 1 })).rejects.toMatchObject({ code: "conflict" });
    expect(await scheduler.cancelEvent(id)).toBe(true);
    expect(scheduler.unfired()).toMatchObject([
      { schedule_id: id, outcome: "cancelled", reason: "deleted", attempts: 1 },
    ]);
    expect(scheduler.advanceTo("2027-01-01T06:00:00Z")).toEqual([]);
  });

  test("the retry of a deleted recurring schedule is cancelled when it is due", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create({ ...HOURLY, retry_delay_seconds: 60 });
    scheduler.failPublishing({ times: 1 });
    scheduler.advanceTo("2027-01-01T01:00:30Z");
    await scheduler.schedules.delete(schedule_id);
    scheduler.advanceTo("2027-01-01T06:00:00Z");
    expect(scheduler.fired()).toEqual([]);
    expect(scheduler.unfired({ reason: "deleted", outcome: "cancelled" })).toContainEqual(
      expect.objectContaining({ scheduled_for: "2027-01-01T01:00:00.000Z", attempts: 1 }),
    );
  });

  test("a retry that expires after an edit keeps its attempts", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    const { schedule_id } = await scheduler.schedules.create({ ...HOURLY, retry_delay_seconds: 60 });
    scheduler.failPublishing({ times: 1 });
    scheduler.advanceTo("2027-01-01T01:00:30Z");
    await scheduler.schedules.update(schedule_id, { max_delay_seconds: 30 });
    expect(scheduler.advanceTo("2027-01-01T01:30:00Z")).toEqual([]);
    expect(scheduler.unfired()).toMatchObject([
      { scheduled_for: "2027-01-01T01:00:00.000Z", outcome: "expired", reason: "max_delay", attempts: 1, error: null },
    ]);
    const counted = { last_status: "expired", last_error: null, execution_count: 1, error_count: 0 };
    expect(await scheduler.schedules.get(schedule_id)).toMatchObject(counted);
  });

  test("refuses a number of failures below 1", () => {
    expect(() => start("2027-01-01T00:30:00Z").failPublishing({ times: 0 })).toThrow("times: must be a whole number");
  });
});

describe("faults", () => {
  test.each([
    [{ topic: "a", cron_expression: "61 * * * *" }, "cron_invalid", "cron_expression"],
    [{ topic: "a", execution_time: "2026-01-01T00:00:00Z" }, "execution_time_past", "execution_time"],
    [{ topic: "a", cron_expression: "0 * * * *", timezone: "Mars/Base" }, "timezone_unknown", "timezone"],
    [{ topic: "a b", cron_expression: "0 * * * *" }, "validation_failed", "topic"],
    [{ topic: "a", cron_expression: "0 * * * *", prio: 1 }, "validation_failed", "prio"],
    [{ topic: "a", cron_expression: "0 * * * *", catch_up: { max_runs: 0 } }, "validation_failed", "catch_up.max_runs"],
  ])("%j is refused as by the server", async (definition, code, field) => {
    const scheduler = start("2027-01-01T00:00:00Z");
    const faults = [expect.objectContaining({ field })];
    await expect(scheduler.schedules.create(definition)).rejects.toMatchObject({
      name: "SchedulesError",
      code,
      faults,
    });
  });

  test("a taken name, an unknown id and a completed schedule have the codes of the server", async () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    await scheduler.schedules.create({ ...HOURLY, name: "one" });
    await expect(scheduler.schedules.create({ ...HOURLY, name: "one" })).rejects.toMatchObject({ code: "name_taken" });
    await expect(scheduler.schedules.get("none")).rejects.toMatchObject({ code: "not_found" });
    const id = await scheduler.publishWithDelay({ topic: "a", entityType: "b", action: "c", delaySeconds: 1 });
    scheduler.advanceTo("2027-01-01T00:01:00Z");
    await expect(scheduler.schedules.pause(id)).rejects.toMatchObject({ code: "conflict" });
  });

  test("the clock refuses a time without a zone and a time in its past", () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    expect(() => scheduler.advanceTo("2027-01-02T00:00:00")).toThrow(
      "time: must have an offset; write 2027-01-02T00:00:00Z",
    );
    expect(() => scheduler.advanceTo("2026-01-02T00:00:00Z")).toThrow(
      "time: is 2026-01-02T00:00:00.000Z, before the clock's time",
    );
    expect(() => scheduler.runUntil(() => true, { before: "2026-01-02T00:00:00Z" })).toThrow(
      "before: is 2026-01-02T00:00:00.000Z, before the clock's time",
    );
    expect(() => start("soon")).toThrow("now: must be an ISO 8601 time");
    expect(() => createTestScheduler({ timezone: "Mars/Base" })).toThrow('"Mars/Base" is not a known time zone');
  });

  test("a failed expectation lists both sides", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    await scheduler.schedules.create({ ...HOURLY, name: "hourly" });
    scheduler.advanceTo("2027-01-01T01:30:00Z");
    expect(() => scheduler.expectFired([])).toThrow(
      "Expected 0 events:\n  none\nbut 1 were published:\n  2027-01-01T01:00:00.000Z",
    );
    expect(() => scheduler.expectFired([{ at: "2027-01-01T01:00:00Z", name: "other" }])).toThrow('{"name":"hourly"}');
    scheduler.expectFired(["2027-01-01T02:00:00+01:00"]);
    scheduler.expectFired([], { topic: "others" });
  });

  test("a simulation that publishes nothing ends after 100,000 decisions", async () => {
    const scheduler = start("2027-01-01T00:00:00Z");
    await scheduler.schedules.create({ ...HOURLY, max_retries: 10, retry_delay_seconds: 1 });
    scheduler.failPublishing();
    expect(() => scheduler.advanceTo("2030-01-01T00:00:00Z")).toThrow(
      /^One call may make 100000 decisions, .* at 2028-\S+ with 0 published events\. Advance in shorter spans\.$/,
    );
    expect(scheduler.failedAttempts()).toHaveLength(100_000);
  });

  test("a condition that is never met ends", async () => {
    const scheduler = start("2027-01-01T00:30:00Z");
    await scheduler.schedules.create(HOURLY);
    const limit = { before: "2027-01-01T03:30:00Z" };
    expect(() => scheduler.runUntil(() => false, limit)).toThrow(
      "None of the 3 events until 2027-01-01T03:30:00.000Z met the condition",
    );
  });
});
