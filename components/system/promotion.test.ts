import { expect, it } from "vitest";
import { promotionState } from "./promotion";
import { newWorker } from "./worker-fixture";

type Worker = Parameters<typeof promotionState>[0][number];

const COUNTS = { ticks: 1, failuresInARow: 0, failingSince: null, restarts: 0 };
const worker = (workerId: string, lastTickAt: string | null, change: Partial<Worker> = {}): Worker =>
  newWorker({
    workerId,
    loops: [
      { name: "heartbeat", lastTickAt: "2026-11-24T09:00:00.000Z", lastError: "not this one", ...COUNTS },
      { name: "promote", lastTickAt, lastError: null, ...COUNTS },
    ],
    ...change,
  });

const NONE = { lastTickAt: null, workerId: null, lastError: null };
const EARLY = "2026-11-24T04:00:00.000Z";
const LATE = "2026-11-24T04:05:00.000Z";

it.each([
  ["nothing without workers", [], NONE],
  [
    "the latest tick of several workers",
    [worker("a", EARLY), worker("b", LATE), worker("c", null)],
    { ...NONE, lastTickAt: LATE, workerId: "b" },
  ],
  [
    "no tick of a dead worker",
    [worker("a", EARLY), worker("b", LATE, { alive: false })],
    { ...NONE, lastTickAt: EARLY, workerId: "a" },
  ],
  ["a worker whose loop has not ticked yet", [worker("a", null)], { ...NONE, workerId: "a" }],
])("promotionState returns %s", (_, workers, expected) => {
  expect(promotionState(workers)).toEqual(expected);
});
