import { expect, it } from "vitest";
import type { WorkerView } from "~/server/domain/views";
import { failingLoops } from "./loop-health";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();

function worker(workerId: string, loop: Partial<WorkerView["loops"][number]>, alive = true): WorkerView {
  return {
    ...{ workerId, host: "h", pid: 1, version: "0", startedAt: ago(0), seenAt: ago(0), alive, clockSkewMs: 0 },
    ...{ inFlight: 0, firedTotal: 0, url: "", tzdata: null },
    loops: [
      {
        name: "execute-0",
        lastTickAt: ago(0),
        lastError: null,
        ticks: 9,
        failuresInARow: 0,
        failingSince: null,
        restarts: 0,
        ...loop,
      },
    ],
  };
}

it.each([
  ["a healthy loop", {}, []],
  ["one failure a moment ago", { failuresInARow: 1, failingSince: ago(500), lastError: "x" }, []],
  [
    "three failures in a row",
    { failuresInARow: 3, failingSince: ago(2000), lastError: "boom" },
    ["(3 failures in a row): boom"],
  ],
  ["one failure that lasts", { failuresInARow: 1, failingSince: ago(5000), lastError: "boom" }, ["(1 failure): boom"]],
  [
    "a consumer that keeps restarting",
    { name: "consume", failuresInARow: 2, failingSince: ago(20_000), restarts: 7, lastError: "zstd" },
    ["(2 failures in a row, restarted 7 times): zstd"],
  ],
  ["restarts without a present failure", { restarts: 7 }, []],
])("for %s (%j), failingLoops returns the reasons %j", (_, loop, expected) => {
  const reasons = failingLoops([worker("w1", loop)], NOW);
  expect(reasons).toHaveLength(expected.length);
  expected.forEach((text, i) => {
    expect(reasons[i]?.fault.message).toContain(text);
    expect(reasons[i]?.fault.message).toContain(
      `The loop ${(loop as { name?: string }).name ?? "execute-0"} of worker w1`,
    );
  });
});

it("failingLoops returns one reason for the same loop of several workers, and ignores dead workers", () => {
  const failing = { failuresInARow: 5, failingSince: ago(9000), lastError: "boom" };
  const reasons = failingLoops([worker("a", failing), worker("b", failing), worker("c", failing, false)], NOW);
  expect(reasons.map(({ fault }) => fault.message)).toEqual([expect.stringContaining("of 2 workers")]);
});
