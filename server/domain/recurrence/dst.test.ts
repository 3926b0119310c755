import { describe, expect, it } from "vitest";
import { skippedByDst } from "./dst";
import type { RecurrenceSpec } from "./spec";

const ms = (iso: string) => Date.parse(iso);
const skipped = (
  cronExpression: string,
  more: Partial<RecurrenceSpec> = {},
  from = "2026-03-28T00:00Z",
  until = "2026-03-30T00:00Z",
) =>
  skippedByDst(
    { cronExpression, timezone: "Europe/Berlin", dstGap: "skip", dstOverlap: "first", ...more },
    { afterMs: ms(from), untilMs: ms(until) },
  ).map(({ nominalMs, wallMs, note }) => [
    new Date(nominalMs).toISOString(),
    new Date(wallMs).toISOString().slice(11, 16),
    note,
  ]);

describe("skippedByDst", () => {
  const at0230 = ["2026-03-29T01:30:00.000Z", "02:30", "dst_gap_skipped"];

  it("lists times in the gap, at the instant that shift would use", () => {
    expect(skipped("30 2 * * *")).toEqual([at0230]);
    expect(skipped("0,30 2 * * *")).toEqual([["2026-03-29T01:00:00.000Z", "02:00", "dst_gap_skipped"], at0230]);
  });

  it("omits a time at which a planned occurrence fires", () => {
    expect(skipped("30 2,3 * * *")).toEqual([]);
    expect(skipped("15,30 2 * * *").length).toBe(2);
  });

  it("excludes afterMs and includes untilMs", () => {
    expect(skipped("30 2 * * *", {}, "2026-03-29T01:30Z")).toEqual([]);
    expect(skipped("30 2 * * *", {}, "2026-03-29T01:29Z", "2026-03-29T01:30Z")).toEqual([at0230]);
    expect(skipped("30 2 * * *", {}, "2026-03-29T01:00Z", "2026-03-29T01:29Z")).toEqual([]);
  });

  it("respects start_at and end_at", () => {
    expect(skipped("30 2 * * *", { startAt: ms("2026-03-29T01:31Z") })).toEqual([]);
    expect(skipped("30 2 * * *", { endAt: ms("2026-03-29T01:29Z") })).toEqual([]);
  });

  it.each([
    ["first_valid", "30 2 * * *", { dstGap: "first_valid" as const }],
    ["shift", "30 2 * * *", { dstGap: "shift" as const }],
    ["interval jobs", "*/30 * * * *", {}],
    ["zones without a gap", "30 2 * * *", { timezone: "Asia/Kathmandu" }],
  ])("is empty for %s", (_, cron, more) => {
    expect(skipped(cron, more)).toEqual([]);
  });
});
