import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skippedByDst } from "./dst";
import { skippedByDstAtEnd, skippedByDstBefore, skippedByDstUntil } from "./dst-skips";
import { occurrences } from "./next";
import type { RecurrenceSpec } from "./spec";

const ms = (iso: string) => Date.parse(iso);
const ZONES = ["Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca"];
const CRONS = [
  ...["30 2 * * *", "15,45 2 * * *", "0,30 0 * * *", "10 2 * * 0", "15 2 29 * *", "15,50 2 * * *", "30 2 * 3 0"],
];
const times = (found: { nominalMs: number }[]) => found.map((one) => one.nominalMs);

describe("an occurrence skipped in a gap", () => {
  it("belongs to exactly one planned occurrence or to the end, whenever the plan began or was replaced", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CRONS),
        fc.constantFrom(...ZONES),
        fc.integer({ min: ms("2024-01-01"), max: ms("2026-01-01") }),
        (cronExpression, timezone, fromMs) => {
          const untilMs = fromMs + 700 * 86_400_000;
          const spec: RecurrenceSpec = {
            cronExpression,
            timezone,
            dstGap: "skip",
            dstOverlap: "first",
            endAt: untilMs,
          };
          const planned = times(occurrences(spec, { afterMs: fromMs, limit: 5000 }));
          const withPlanned = planned.flatMap((nominalMs) =>
            times(skippedByDstBefore(spec, { nominalMs, sinceMs: fromMs })),
          );
          const atEnd = times(skippedByDstAtEnd(spec, planned.at(-1) ?? fromMs));
          const all = times(skippedByDst(spec, { afterMs: fromMs, untilMs }));
          expect([...withPlanned, ...atEnd]).toEqual(all);
          // The same is true if the plan is replaced in between.
          const cutIndex = Math.floor(planned.length / 2);
          const nextMs = planned[cutIndex];
          if (nextMs === undefined) return;
          const cutAtMs = nextMs + 86_400_000;
          const before = planned
            .slice(0, cutIndex)
            .flatMap((one) => times(skippedByDstBefore(spec, { nominalMs: one, sinceMs: fromMs })));
          const untilCut = times(skippedByDstUntil(spec, { nextMs, sinceMs: fromMs, untilMs: cutAtMs }));
          expect([...before, ...untilCut]).toEqual(all.filter((one) => one <= cutAtMs));
        },
      ),
      { numRuns: 150 },
    );
  });
});
