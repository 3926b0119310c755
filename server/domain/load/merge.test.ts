import { expect, it } from "vitest";
import { occurrences } from "../recurrence";
import { nextFirings, rememberFirstTimes } from "./merge";

const AFTER_MS = Date.parse("2026-03-28T23:00Z");
const TO_MS = AFTER_MS + 6 * 3_600_000;
const CRONS = ["*/7 * * * *", "0 * * * *", "30 2 * * *", "*/30 * * * * *", "0 0 1 1 *", "0 * * * *"];
const groups = CRONS.map((cronExpression, i) => ({
  spec: {
    cronExpression,
    timezone: i % 2 === 0 ? "Europe/Berlin" : "UTC",
    dstGap: "first_valid",
    dstOverlap: "first",
  } as const,
  jitterSeconds: 0,
}));

it("merges the occurrences of all groups in time order, and joins occurrences of one instant", () => {
  const expected = new Map<number, number[]>();
  groups.forEach(({ spec }, index) => {
    for (const { nominalMs } of occurrences(spec, { afterMs: AFTER_MS, untilMs: TO_MS - 1, limit: 1e6 })) {
      expected.set(nominalMs, [...(expected.get(nominalMs) ?? []), index]);
    }
  });
  const found = [...nextFirings(groups, { afterMs: AFTER_MS, toMs: TO_MS })];
  expect(found.map(({ atMs }) => atMs)).toEqual([...expected.keys()].sort((a, b) => a - b));
  for (const { atMs, groups: indexes } of found) expect(indexes.toSorted()).toEqual(expected.get(atMs));
});

it("finds the same firings with remembered first times while the start of the range moves", () => {
  const first = rememberFirstTimes();
  for (let afterMs = AFTER_MS; afterMs < TO_MS; afterMs += 400_000) {
    const range = { afterMs, toMs: TO_MS };
    expect([...nextFirings(groups, range, first)]).toEqual([...nextFirings(groups, range)]);
  }
  // Back in time, as for another page of the list.
  const range = { afterMs: AFTER_MS, toMs: TO_MS };
  expect([...nextFirings(groups, range, first)]).toEqual([...nextFirings(groups, range)]);
});
