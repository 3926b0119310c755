import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyticsWeek } from "~/server/services/analytics";
import { anExecution } from "~/server/testing/executions";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { executionFacets, executionHistogram, ListExecutionsInput, listExecutions } from ".";

const DAY_MS = 86_400_000;
/** The range includes the end of summer time in Berlin, on 25 October 2026. */
const FROM = Date.parse("2026-10-15T07:23:11.000Z");
const TO = Date.parse("2026-11-02T19:41:07.000Z");

let stack: TestStack;
const times = Array.from(
  { length: 600 },
  (_, i) => FROM - DAY_MS + Math.floor(((i * 7919) % 600) * ((TO - FROM + 2 * DAY_MS) / 600)),
);

beforeAll(async () => {
  stack = await startTestStack();
  const executions = times.map((scheduledFor, i) =>
    anExecution({
      scheduleId: `s-${i % 4}`,
      key: `s-${i % 4}@${scheduledFor}`,
      scheduledFor,
      endedAt: scheduledFor + 5,
    }),
  );
  await stack.deps.store.insertBatch({ token: "1", schedules: [], executions });
}, 120_000);
afterAll(async () => stack?.stop());

const call = <Input>(input: Input) => ({ ctx: stack.ctx, input });
const list = (input: object) => listExecutions(call(ListExecutionsInput.parse({ limit: 500, ...input })));

describe("the filter by weekday and hour", () => {
  test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles"])(
    "lists as many executions as the analytics count for a weekday, and for an hour of it, in %s",
    async (timezone) => {
      const range = { from: FROM, to: TO, timezone };
      const { counts } = await analyticsWeek(call({ ...range, hours: 24 }));
      expect(counts.flat().reduce((sum, n) => sum + n, 0)).toBe(times.filter((at) => at >= FROM && at < TO).length);
      for (const [row, hours] of counts.entries()) {
        const ofDay = await list({ ...range, weekday: row + 1 });
        expect(ofDay.total).toBe(hours.reduce((sum, n) => sum + n, 0));
        for (const hour of [0, 2, 9, 23]) {
          const { items, total } = await list({ ...range, weekday: row + 1, hour });
          expect(total).toBe(hours[hour]);
          expect(items).toHaveLength(total);
          const known = new Set(ofDay.items.map((item) => item.executionId));
          expect(items.every((item) => known.has(item.executionId))).toBe(true);
        }
      }
    },
  );

  test("applies to the histogram and the facets too", async () => {
    const filter = { from: FROM, to: TO, hour: 9, timezone: "Europe/Berlin" };
    const { total } = await list(filter);
    expect(total).toBeGreaterThan(5);
    const bars = await executionHistogram(call({ ...filter, bucketSeconds: 3600 }));
    expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(total);
    const { schedule } = await executionFacets(call(filter));
    expect(schedule?.reduce((sum, one) => sum + one.count, 0)).toBe(total);
  });

  test.each([
    ["without from", { weekday: 1 }],
    ["with a range of more than 366 days", { hour: 9, from: TO - 367 * DAY_MS, to: TO }],
  ])("%s is refused with the field", async (_, input) => {
    await expect(list(input)).rejects.toMatchObject({
      code: "validation_failed",
      faults: [{ field: "from", expected: "a time at most 366 days before to, if weekday or hour is given" }],
    });
  });

  test("with an unknown time zone is refused", async () => {
    const input = { from: FROM, to: TO, hour: 9, timezone: "Mars/Olympus" };
    await expect(list(input)).rejects.toMatchObject({ code: "timezone_unknown" });
  });
});
