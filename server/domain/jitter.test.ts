import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveTime } from "./jitter";

const nominalMs = Date.parse("2026-01-01T09:00Z");

describe("effectiveTime", () => {
  it("is the nominal time without jitter", () => {
    expect(effectiveTime({ scheduleId: "a", nominalMs, jitterSeconds: 0, nextNominalMs: null })).toBe(nominalMs);
  });

  it("is the same in every process and release", () => {
    // Processes of different releases compute the times of the same occurrences, so the hash must not change.
    const at = (scheduleId: string) =>
      effectiveTime({ scheduleId, nominalMs, jitterSeconds: 600, nextNominalMs: null }) - nominalMs;
    expect([at("a"), at("b"), at("018f2f7e-0000-7000-8000-000000000001")]).toEqual([504_714, 321_145, 157_106]);
  });

  it("is not before the nominal time, and never reaches the end of the jitter or the next nominal time", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 0, max: 86_400 }),
        fc.integer({ min: 1000, max: 1e9 }),
        (scheduleId, jitterSeconds, period) => {
          const delay =
            effectiveTime({ scheduleId, nominalMs, jitterSeconds, nextNominalMs: nominalMs + period }) - nominalMs;
          expect(Number.isInteger(delay) && delay >= 0).toBe(true);
          expect(delay).toBeLessThan(period);
          expect(delay).toBeLessThanOrEqual(Math.max(0, jitterSeconds * 1000 - 1));
        },
      ),
    );
  });

  it("spreads similar ids, and consecutive times of one schedule, evenly", () => {
    const tenthMs = 10_000;
    const countByTenth = (delays: number[]) => {
      const counts = new Array<number>(10).fill(0);
      for (const delay of delays) counts[Math.floor(delay / tenthMs)] = (counts[Math.floor(delay / tenthMs)] ?? 0) + 1;
      return counts;
    };
    const delayOf = (scheduleId: string, time: number) =>
      effectiveTime({ scheduleId, nominalMs: time, jitterSeconds: 100, nextNominalMs: null }) - time;
    const idOf = (n: number) => `018f2f7e-0000-7000-8000-${String(n).padStart(12, "0")}`;
    const byId = countByTenth(Array.from({ length: 1000 }, (_, i) => delayOf(idOf(i), nominalMs)));
    const byTime = countByTenth(Array.from({ length: 1000 }, (_, i) => delayOf("one", nominalMs + i * 3_600_000)));
    // About 100 in each tenth. The standard deviation is 9.5, so both limits are over four deviations away.
    for (const count of [...byId, ...byTime]) {
      expect(count).toBeGreaterThan(60);
      expect(count).toBeLessThan(145);
    }
  });
});
