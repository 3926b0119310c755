import { expect, it } from "vitest";
import { readClock, readWall, wallText } from "./wall-text";

it.each([
  ["2026-11-24 03:15", "2026-11-24T03:15"],
  ["2026-11-24T03:15:09", "2026-11-24T03:15:09"],
  [" 2028-02-29 00:00 ", "2028-02-29T00:00"],
])("%s is read as %s", (text, wall) => {
  expect(readWall(text)).toBe(wall);
});

it.each([
  ["an empty field", ""],
  ["a date without a time", "2026-11-24"],
  ["an unfinished time", "2026-11-24 03:1"],
  ["the order of the United States", "11/24/2026 03:15"],
  ["a day that does not exist", "2026-02-30 03:15"],
  ["an hour that does not exist", "2026-11-24 24:15"],
])("%s is not a date and time", (_name, text) => {
  expect(readWall(text)).toBeNull();
});

it("a wall time is shown with a space, and read back", () => {
  expect(wallText("2026-11-24T03:15")).toBe("2026-11-24 03:15");
  expect(readWall(wallText("2026-11-24T03:15"))).toBe("2026-11-24T03:15");
});

it.each([
  ["09:05", "09:05"],
  ["9:05", "09:05"],
  [" 23:59 ", "23:59"],
  ["24:00", null],
  ["12:60", null],
  ["9:5", null],
  ["09:05 AM", null],
  ["", null],
])("the time of day %j is read as %j", (text, time) => {
  expect(readClock(text)).toBe(time);
});
