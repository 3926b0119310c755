import { expect, test } from "vitest";
import { recentSchedules } from "./recent-schedules";
import { recentSearches } from "./recent-searches";

function aStorage(first: string | null = null, full = false) {
  let text = first;
  return {
    getItem: () => text,
    setItem: (_: string, next: string) => {
      if (full) throw new Error("QuotaExceededError");
      text = next;
    },
    removeItem: () => {
      text = null;
    },
  };
}
const schedule = (n: number, label = `s${n}`) => ({ scheduleId: `${n}`, label, topic: "t" });
const ids = (storage: ReturnType<typeof aStorage>) => recentSchedules.read(storage).map(({ scheduleId }) => scheduleId);

test("the last five schedules are kept until forgotten, newest first, each once and with its newest name", () => {
  const storage = aStorage();
  for (const n of [1, 2, 3, 4, 5, 6]) recentSchedules.remember(storage, schedule(n));
  expect(ids(storage)).toEqual(["6", "5", "4", "3", "2"]);
  recentSchedules.remember(storage, schedule(4, "renamed"));
  expect(ids(storage)).toEqual(["4", "6", "5", "3", "2"]);
  expect(recentSchedules.read(storage)[0]?.label).toBe("renamed");
  recentSchedules.forget(storage);
  expect(ids(storage)).toEqual([]);
});

test.each(["{", "null", "7", '["x", null, {"scheduleId": 1}]', '{"a": 1}'])(
  "an invalid stored text %s is read as no schedules",
  (text) => {
    expect(ids(aStorage(text))).toEqual([]);
  },
);

test("a browser that refuses to store causes no error", () => {
  const storage = aStorage(null, true);
  recentSchedules.remember(storage, schedule(1));
  expect(ids(storage)).toEqual([]);
});

test("a search is kept once, whatever its letter case; long and empty searches are ignored", () => {
  const storage = aStorage();
  for (const text of ["invoice", "pause report", "Invoice"]) recentSearches.remember(storage, text);
  expect(recentSearches.read(storage)).toEqual(["Invoice", "pause report"]);
  expect(recentSearches.read(aStorage(JSON.stringify(["", " ", "x".repeat(101), 7, "ok"])))).toEqual(["ok"]);
});
