import { expect, it } from "vitest";
import { spanInWords } from "./span-in-words";

it.each([
  [999, "0 seconds"],
  [1000, "1 second"],
  [90_000, "90 seconds"],
  [120_000, "2 minutes"],
  [-5_400_000, "90 minutes"],
  [7_200_000, "2 hours"],
  [47 * 3_600_000, "47 hours"],
  [59 * 86_400_000, "59 days"],
  [400 * 86_400_000, "13 months"],
  [191_793_861_000, "6 years"],
])("%i ms is %s", (ms, words) => {
  expect(spanInWords(ms)).toBe(words);
});
