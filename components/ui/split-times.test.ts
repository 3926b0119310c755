import { expect, it } from "vitest";
import { splitTimes } from "./split-times";

it("finds the times in a message", () => {
  expect(splitTimes("Paused since 2026-11-29T15:05:00.000Z, until 2026-11-29T16:05:00Z: provider down")).toEqual([
    { text: "Paused since ", isTime: false },
    { text: "2026-11-29T15:05:00.000Z", isTime: true },
    { text: ", until ", isTime: false },
    { text: "2026-11-29T16:05:00Z", isTime: true },
    { text: ": provider down", isTime: false },
  ]);
});

it.each(["", "No worker is alive: nothing fires.", "2026-11-29", "2026-99-29T15:05:00Z"])(
  "finds no time in %j",
  (text) => {
    expect(splitTimes(text).some(({ isTime }) => isTime)).toBe(false);
    expect(
      splitTimes(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  },
);
