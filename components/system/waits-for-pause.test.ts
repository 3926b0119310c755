import { expect, it } from "vitest";
import { waitsForPause } from "./waits-for-pause";

it.each([
  ["topic", true, true],
  ["store", true, false],
  ["topic", false, false],
] as const)(
  "the trial of a %s, with all firing paused: %s, waits for the end of the pause: %s",
  (kind, paused, waits) => {
    expect(waitsForPause({ kind }, paused)).toBe(waits);
  },
);
