import { expect, it } from "vitest";
import { slotText, timeText } from "./slot-words";

const FROM = "2026-06-01T06:00:00.000Z";

// `compared` is the number of occurrences that the server compared. `FROM` is 08:00 in Berlin.
it.each([
  [
    "for a cron that fires once a day",
    {
      wanted: { minute: 0, firings: 412 },
      best: { minute: 7, firings: 3 },
      compared: 1,
      from: FROM,
      cronExpression: "7 8 * * *",
    },
    "Least loaded minute near 08:00: 08:07 (3 firings; 08:00 has 412).",
  ],
  [
    "for a cron that fires several times a day",
    {
      wanted: { minute: 0, firings: 412 },
      best: { minute: 7, firings: 1 },
      compared: 24,
      from: FROM,
      cronExpression: "7 * * * *",
    },
    "Least loaded minute near :00: :07 (at most 1 firing in a minute; :00 has 412).",
  ],
  [
    "if no minute is less loaded",
    {
      wanted: { minute: 5, firings: 0 },
      best: { minute: 5, firings: 0 },
      compared: 1,
      from: FROM,
      cronExpression: null,
    },
    "No minute near 08:05 is less loaded (0 firings).",
  ],
])("slotText returns a sentence %s", (_, slot, text) => {
  expect(slotText(slot, "Europe/Berlin")).toBe(text);
});

it.each([
  [
    "for a suggestion on the same day",
    { wanted: { at: FROM, firings: 412 }, best: { at: "2026-06-01T06:07:00.000Z", firings: 3 } },
    "Least loaded minute near 08:00: 08:07 (3 firings; 08:00 has 412).",
  ],
  [
    "with dates if the suggestion is on the next day",
    {
      wanted: { at: "2026-06-01T21:59:30.000Z", firings: 2 },
      best: { at: "2026-06-01T22:01:30.000Z", firings: 1 },
    },
    "Least loaded minute near 1 Jun, 23:59:30: 2 Jun, 00:01:30 (1 firing; 1 Jun, 23:59:30 has 2).",
  ],
  [
    "if no minute is less loaded",
    { wanted: { at: FROM, firings: 0 }, best: { at: FROM, firings: 0 } },
    "No minute near 08:00 is less loaded (0 firings).",
  ],
])("timeText returns a sentence %s", (_, found, text) => {
  expect(timeText(found, "Europe/Berlin")).toBe(text);
});
