import { describe, expect, test } from "vitest";
import { canaryResult } from "./canary";
import { compare, type LedgerRow, type SeenMessage } from "./compare";
import { Oracle } from "./oracle";
import { FAULT_KINDS, planFaults } from "./plan";
import { areGuaranteesKept, latenessByFault } from "./report";

const T = Date.UTC(2026, 0, 1);

/** An oracle with one schedule that fires every 10 s and was acknowledged at T. */
function everyTenSeconds(): Oracle {
  const oracle = new Oracle();
  oracle.created({ id: "s", atMs: null, everySeconds: 10, sentMs: T - 5, ackMs: T });
  return oracle;
}

const row = (at: number, over: Partial<LedgerRow> = {}): LedgerRow => ({
  executionId: `e${at}`,
  scheduleId: "s",
  correlationId: `c${at}`,
  trigger: "schedule",
  outcome: "succeeded",
  reason: null,
  scheduledFor: T + at,
  latenessMs: 3,
  late: false,
  copies: 1,
  attempts: 1,
  ...over,
});
const message = (at: number, over: Partial<SeenMessage> = {}): SeenMessage => ({
  eventId: `e${at}`,
  scheduleId: "s",
  scheduledFor: String(T + at),
  ...over,
});
/** The occurrences of `everyTenSeconds`, ms after T. */
const THREE = [10_000, 20_000, 30_000];

function judge(oracle: Oracle, ledger: LedgerRow[], bus: SeenMessage[]) {
  return compare({ oracle, ledger, bus, endMs: T + 35_000 });
}

describe("the comparison", () => {
  test("accepts one outcome and one message for each occurrence", () => {
    const result = judge(
      everyTenSeconds(),
      THREE.map((at) => row(at)),
      THREE.map((at) => message(at)),
    );
    expect(result).toMatchObject({
      expected: 3,
      succeeded: 3,
      lost: 0,
      doubledLedger: 0,
      doubledBus: 0,
      unexplained: 0,
    });
    expect(result.wrong).toEqual([]);
  });

  const WRONGS = [
    { what: "an occurrence without an outcome", ledger: [10_000, 30_000], bus: [10_000, 30_000], count: { lost: 1 } },
    { what: "a success that no consumer received", ledger: THREE, bus: [10_000, 20_000], count: { lost: 1 } },
    {
      what: "an outcome that nobody requested",
      ledger: [...THREE, 12_000],
      bus: [...THREE, 12_000],
      count: { unexplained: 1 },
    },
    {
      what: "a message that was published twice",
      ledger: THREE,
      bus: [...THREE, 20_000],
      count: { doubledBus: 1, doubledWithoutId: 0 },
    },
    { what: "a message without an outcome", ledger: THREE, bus: [...THREE, 31_000], count: { unexplained: 1 } },
  ];
  test.each(WRONGS)("finds $what", ({ ledger, bus, count }) => {
    const result = judge(
      everyTenSeconds(),
      ledger.map((at) => row(at)),
      bus.map((at) => message(at)),
    );
    expect(result).toMatchObject(count);
  });

  test("finds a duplicate outcome in the ledger, and an occurrence published under two event ids", () => {
    const ledger = [row(10_000, { copies: 2 }), row(20_000), row(30_000)];
    const bus = [...THREE.map((at) => message(at)), message(20_000, { eventId: "other" })];
    expect(judge(everyTenSeconds(), ledger, bus)).toMatchObject({ doubledLedger: 1, doubledWithoutId: 1 });
  });

  test("expects no outcomes while a schedule is paused, and one for each missed occurrence after a resume", () => {
    const oracle = everyTenSeconds();
    oracle.changing("s", T + 14_000);
    oracle.changed("s", { state: "off", everySeconds: 10 }, T + 15_000);
    expect(judge(oracle, [row(10_000)], [message(10_000)])).toMatchObject({ lost: 0, unexplained: 0 });
    expect(judge(oracle, [row(10_000), row(20_000)], [message(10_000), message(20_000)])).toMatchObject({
      unexplained: 1,
    });
    oracle.changing("s", T + 24_000);
    oracle.changed("s", { state: "on", everySeconds: 10 }, T + 25_000);
    expect(judge(oracle, [row(10_000), row(30_000)], [message(10_000), message(30_000)])).toMatchObject({ lost: 1 });
  });

  test("counts losses from the last second before a wipe separately from older losses", () => {
    const oracle = new Oracle();
    oracle.created({ id: "s", atMs: T + 10_000, everySeconds: 0, sentMs: T - 5, ackMs: T });
    oracle.created({ id: "old", atMs: T + 10_000, everySeconds: 0, sentMs: T - 3000, ackMs: T - 2990 });
    expect(oracle.wiped(T + 500)).toEqual(["s"]);
    expect(judge(oracle, [], [])).toMatchObject({ lost: 1, lostByWipe: 1 });
  });

  test("tolerates the loss of a request in flight during a wipe, but not of a request after the wipe", () => {
    const oracle = new Oracle();
    oracle.wiped(T + 500);
    oracle.created({ id: "s", atMs: T + 10_000, everySeconds: 0, sentMs: T + 400, ackMs: T + 600 });
    oracle.created({ id: "after", atMs: T + 10_000, everySeconds: 0, sentMs: T + 501, ackMs: T + 600 });
    expect(judge(oracle, [], [])).toMatchObject({ lost: 1, lostByWipe: 1 });
  });
});

describe("the plan of faults", () => {
  test("is the same for the same seed, and different for another seed", () => {
    const input = { lengthMs: 600_000, workers: 3 };
    expect(planFaults({ ...input, seed: 7 })).toEqual(planFaults({ ...input, seed: 7 }));
    expect(planFaults({ ...input, seed: 7 })).not.toEqual(planFaults({ ...input, seed: 8 }));
  });

  test("has every kind of fault in ten minutes, without overlaps, and ends them all before the end", () => {
    const plan = planFaults({ seed: 3, lengthMs: 600_000, workers: 3 });
    expect(new Set(plan.map((fault) => fault.kind))).toEqual(new Set(FAULT_KINDS));
    plan.forEach((fault, i) => {
      const endMs = fault.atMs + fault.durationMs;
      expect(endMs).toBeLessThan(plan[i + 1]?.atMs ?? 600_000);
    });
  });
});

test("a lost setting breaks the guarantees even if no occurrence is lost", () => {
  const comparison = judge(
    everyTenSeconds(),
    THREE.map((at) => row(at)),
    THREE.map((at) => message(at)),
  );
  const report = { comparison, rolledUp: 3, ledgerRows: 3, bad: { sent: 1, wrong: [] }, canary: null };
  expect(areGuaranteesKept({ ...report, deviations: [] })).toBe(true);
  expect(
    areGuaranteesKept({ ...report, deviations: ["after redis-wipe at 9 s: the saved setting is 90, not 365"] }),
  ).toBe(false);
});

test("a missed or doubled canary occurrence outside a fault, or an accepted bad input, breaks the guarantees", () => {
  const canary = { scheduleId: "s", sinceMs: T - 10, endMs: T + 5000 };
  const rows = [0, 1000, 3000, 4000, 5000].map((at) => row(at, at === 4000 ? { copies: 2 } : {}));
  expect(canaryResult(rows, canary)).toMatchObject({ expected: 6, wrongSeconds: [T + 2000, T + 4000] });
  const faultPeriods = [{ fromMs: T + 1500, toMs: T + 2500 }];
  expect(canaryResult(rows, canary, faultPeriods)).toMatchObject({ expected: 4, wrongSeconds: [T + 4000] });
  const comparison = judge(new Oracle(), [], []);
  const report = { comparison, rolledUp: 0, ledgerRows: 0, deviations: [] };
  const kept = { bad: { sent: 1, wrong: [] }, canary: { expected: 6, wrongSeconds: [], maxLatenessMs: 1 } };
  expect(areGuaranteesKept({ ...report, ...kept })).toBe(true);
  expect(areGuaranteesKept({ ...report, ...kept, canary: canaryResult(rows, canary) })).toBe(false);
  expect(areGuaranteesKept({ ...report, ...kept, bad: { sent: 1, wrong: ["accepted"] } })).toBe(false);
});

test("lateness is reported separately for runs that were due in a fault period", () => {
  const rows = [row(1000, { latenessMs: 5 }), row(50_000, { latenessMs: 900 })];
  const { quiet, fault } = latenessByFault(rows, [{ fromMs: T + 40_000, toMs: T + 60_000 }]);
  expect([quiet.p99, fault.p99]).toEqual([5, 900]);
});
