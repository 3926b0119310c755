import { expect, test } from "vitest";
import { END_REASONS, ERROR_CLASSES } from "~/server/domain/choices";
import { END_REASON_WORDS, ERROR_CLASS_LABELS, endReasonLabel, endReasonText, errorClassLabel } from "./reasons";

test("exactly the reasons and error classes of the domain have texts", () => {
  const reasons = new Set(Object.values(END_REASONS).flat());
  expect(Object.keys(END_REASON_WORDS).toSorted()).toEqual([...reasons].toSorted());
  for (const { label, text } of Object.values(END_REASON_WORDS)) expect([label, text]).not.toContain("");
  expect(Object.keys(ERROR_CLASS_LABELS).toSorted()).toEqual(ERROR_CLASSES.toSorted());
});

test.each([
  ["max_retries", "max retries"],
  ["constructor", "constructor"],
])("the unknown code %s is shown as %s", (code, shown) => {
  expect([endReasonLabel(code), endReasonText(code), errorClassLabel(code)]).toEqual([shown, shown, shown]);
});
