import { expect, it } from "vitest";
import { pauseVersions } from "./pause-versions";

const at = (day: number) => new Date(Date.UTC(2026, 10, day)).toISOString();
const entry = (day: number, verb = "schedule.pause") => ({
  entryId: `${day}`,
  verb,
  at: at(day),
  actor: "ana",
  note: null,
});
const item = { version: 3, firstVersion: 1, at: at(1) };

it("numbers the pauses and resumes of a definition by their time", () => {
  const found = pauseVersions(item, null, [entry(5, "schedule.resume"), entry(3)]);
  expect(found.map(({ version, verb }) => [version, verb])).toEqual([
    [2, "schedule.pause"],
    [3, "schedule.resume"],
  ]);
});

it("leaves out pauses of the definitions before and after", () => {
  const entries = [entry(2), entry(4), entry(6), entry(8)];
  expect(pauseVersions({ version: 5, firstVersion: 3, at: at(3) }, at(7), entries).map(({ at }) => at)).toEqual([
    at(4),
    at(6),
  ]);
});

it.each([
  ["some are not known", item, [entry(3)]],
  ["there are more than versions", item, [entry(3), entry(4), entry(5)]],
  ["the time of the definition is not known", { ...item, at: null }, [entry(3), entry(5)]],
])("is empty if %s", (_, one, entries) => {
  expect(pauseVersions(one, null, entries)).toEqual([]);
});
