import { expect, it } from "vitest";
import { promotionState } from "./promotion";

type Worker = Parameters<typeof promotionState>[0][number];

const TOLD = { ticks: 1, failuresInARow: 0, failingSince: null, restarts: 0 };
const worker = (workerId: string, lastTickAt: string | null, change: Partial<Worker> = {}): Worker => ({
  workerId,
  host: "h",
  pid: 1,
  version: "0.1.0",
  startedAt: "2026-11-24T04:00:00.000Z",
  seenAt: "2026-11-24T04:00:00.000Z",
  alive: true,
  clockSkewMs: 0,
  inFlight: 0,
  firedTotal: 0,
  url: "",
  tzdata: null,
  loops: [
    { name: "heartbeat", lastTickAt: "2026-11-24T09:00:00.000Z", lastError: "not this one", ...TOLD },
    { name: "promote", lastTickAt, lastError: null, ...TOLD },
  ],
  ...change,
});

const NONE = { lastTickAt: null, workerId: null, lastError: null };
const EARLY = "2026-11-24T04:00:00.000Z";
const LATE = "2026-11-24T04:05:00.000Z";

it.each([
  ["nobody", [], NONE],
  [
    "the newest of many",
    [worker("a", EARLY), worker("b", LATE), worker("c", null)],
    { ...NONE, lastTickAt: LATE, workerId: "b" },
  ],
  [
    "not that of the dead",
    [worker("a", EARLY), worker("b", LATE, { alive: false })],
    { ...NONE, lastTickAt: EARLY, workerId: "a" },
  ],
  ["one that has not begun", [worker("a", null)], { ...NONE, workerId: "a" }],
])("takes %s", (_, workers, expected) => {
  expect(promotionState(workers)).toEqual(expected);
});
