import { expect, test } from "vitest";
import { hasMissedPoll } from "./missed-poll";

const query = (refetchInterval: unknown, dataUpdatedAt: number, errorUpdatedAt = 0) => ({
  state: { dataUpdatedAt, errorUpdatedAt },
  observers: [{ options: {} }, { options: { refetchInterval } }],
});

test.each([
  ["polled and old", query(30_000, 10_000), true],
  ["polled, old and held back", query(false, 10_000), true],
  ["polled and fresh", query(30_000, 10_001), false],
  ["polled and just failed", query(30_000, 0, 39_000), false],
  ["not polled", query(undefined, 0), false],
])("hasMissedPoll of a query that is %s", (_, one, expected) => {
  expect(hasMissedPoll(one, 30_000, 40_000)).toBe(expected);
});
