import { describe, expect, it } from "vitest";
import { askedWall, canDo, mayBeCorrelation, readPaletteText } from "./palette-text";

const ID = "0190f3a0-0000-7000-8000-00000000000a";

describe("readPaletteText", () => {
  it.each([
    ["", "open", ""],
    ["invoice", "open", "invoice"],
    ["  pause  invoice.sync ", "pause", "invoice.sync"],
    ["Run now invoice", "run", "invoice"],
    ["run", "run", ""],
    ["runner", "open", "runner"],
    ["paused", "open", "paused"],
    ["explain nightly", "why", "nightly"],
    ["resume the job", "resume", "the job"],
    ["pause report at 08:00", "pause", "report at 08:00"],
    ["why report at 25:00", "why", "report at 25:00"],
  ])("reads a verb and words from %j", (text, verb, words) => {
    expect(readPaletteText(text)).toEqual({ verb, words, id: null, at: null });
  });

  it("recognises ids in any letter case, after a verb too", () => {
    expect(readPaletteText(ID.toUpperCase()).id).toBe(ID);
    expect(readPaletteText(`pause ${ID}`)).toEqual({ verb: "pause", words: ID, id: ID, at: null });
    expect(readPaletteText(`${ID}0`).id).toBeNull();
  });

  it.each([
    ["why report at 8:00", null, "08:00"],
    ["explain report at 2026-11-27 23:05", "2026-11-27", "23:05"],
  ])("%j asks about a time", (text, date, clock) => {
    expect(readPaletteText(text)).toEqual({ verb: "why", words: "report", id: null, at: { date, clock } });
  });
});

it.each([
  ["pause", "active", true],
  ["pause", "paused", false],
  ["resume", "paused", true],
  ["resume", "disabled", true],
  ["resume", "active", false],
  ["run", "completed", true],
] as const)("canDo of %s on a schedule that is %s returns %s", (verb, status, can) => {
  expect(canDo(verb, status)).toBe(can);
});

it.each([
  ["08:00", "2026-11-29T08:00", "2026-11-29T08:00"],
  ["08:01", "2026-11-29T08:00:59", "2026-11-28T08:01"],
  ["23:00", "2026-03-01T08:00", "2026-02-28T23:00"],
])("askedWall finds the last %s up to %s at %s", (clock, now, wall) => {
  expect(askedWall({ date: null, clock }, now)).toBe(wall);
});

it("askedWall keeps an asked date", () => {
  expect(askedWall({ date: "2026-12-01", clock: "08:00" }, "2026-11-29T08:00")).toBe("2026-12-01T08:00");
});

it.each([
  ["order-7781", true],
  ["ab", false],
  ["order 7781", false],
  [ID, false],
  ["x".repeat(513), false],
])("mayBeCorrelation of %j returns %s", (words, may) => {
  expect(mayBeCorrelation(words)).toBe(may);
});
