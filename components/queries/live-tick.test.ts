import { describe, expect, it } from "vitest";
import { afterTick, type LastRefresh, NO_REFRESH, type Tick } from "./live-tick";

const START = Date.parse("2026-11-29T12:00:00Z");
const tick = (afterMs: number, more: Partial<Tick> = {}): Tick => ({
  at: new Date(START + afterMs).toISOString(),
  pending: 5,
  running: 1,
  firedSinceLast: 0,
  ...more,
});
/** A refresh at the start, with the numbers of `tick`: 5 pending, 1 running. */
const refreshed: LastRefresh = { numbers: "5 1", at: START };

describe("a tick of the server", () => {
  it("does not refresh a page that has just loaded", () => {
    expect(afterTick(NO_REFRESH, tick(0, { firedSinceLast: 3 }), false)).toEqual({ last: refreshed, refreshes: false });
  });

  it.each([
    ["nothing changed", tick(2000), false],
    ["something fired", tick(2000, { firedSinceLast: 1 }), true],
    ["more is pending", tick(2000, { pending: 6 }), true],
    ["ten seconds have passed", tick(10_000), true],
  ])("refreshes only if there is a reason: %s", (_, nextTick, expected) => {
    expect(afterTick(refreshed, nextTick, false).refreshes).toBe(expected);
  });

  it("refreshes a held page with the first tick after the hold", () => {
    const held = afterTick(refreshed, tick(2000, { firedSinceLast: 1 }), true);
    expect(held.refreshes).toBe(false);
    const after = afterTick(held.last, tick(4000), false);
    expect(after).toEqual({ last: { numbers: "5 1", at: START + 4000 }, refreshes: true });
    expect(afterTick(after.last, tick(6000), false).refreshes).toBe(false);
  });

  it("does not refresh after a hold in which nothing changed", () => {
    const held = afterTick(refreshed, tick(2000), true);
    expect(afterTick(held.last, tick(4000), false).refreshes).toBe(false);
  });
});
