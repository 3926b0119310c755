import { describe, expect, it } from "vitest";
import { bucketMsFor, bucketStarts, MAX_BARS } from "./buckets";

const HOUR_MS = 3_600_000;
const localHours = (starts: readonly number[], timezone: string) =>
  starts.map((at) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: timezone, hour: "2-digit", minute: "2-digit" }).format(at),
  );

describe("buckets", () => {
  it.each([
    [1, 1],
    [24, 5],
    [168, 60],
    [744, 180],
  ])("cover %i hours in steps of %i minutes, and are at most 300", (hours, minutes) => {
    const bucketMs = bucketMsFor(hours * HOUR_MS);
    expect(bucketMs).toBe(minutes * 60_000);
    const fromMs = Date.parse("2026-06-01T10:07Z");
    const starts = bucketStarts({ fromMs, toMs: fromMs + hours * HOUR_MS, bucketMs, timezone: "Asia/Kolkata" });
    expect(starts.length).toBeLessThanOrEqual(MAX_BARS);
    expect(starts[0]).toBeLessThanOrEqual(fromMs);
    expect((starts.at(-1) as number) + bucketMs).toBeGreaterThanOrEqual(fromMs + hours * HOUR_MS);
  });

  it("begin at round times of the zone, also with an offset of half an hour", () => {
    const fromMs = Date.parse("2026-06-01T10:07Z");
    const starts = bucketStarts({ fromMs, toMs: fromMs + 3 * HOUR_MS, bucketMs: HOUR_MS, timezone: "Asia/Kolkata" });
    expect(localHours(starts, "Asia/Kolkata")).toEqual(["15:00", "16:00", "17:00", "18:00"]);
  });

  it.each([
    ["2026-03-28T20:00Z", 9],
    ["2026-10-24T20:00Z", 8],
  ])("begin at round local times across the clock change after %s", (from, count) => {
    const fromMs = Date.parse(from);
    const zone = "Europe/Berlin";
    const starts = bucketStarts({ fromMs, toMs: fromMs + 24 * HOUR_MS, bucketMs: 3 * HOUR_MS, timezone: zone });
    for (const local of localHours(starts, zone)) expect(local).toMatch(/^(00|03|06|09|12|15|18|21):00$/);
    expect(starts.length).toBe(count);
  });
});
