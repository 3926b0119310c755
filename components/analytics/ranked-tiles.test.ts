import { expect, it } from "vitest";
import { errorHint } from "./ranked-tiles";

it.each([
  [true, "Not in the previous 24 h · timeout"],
  [false, "timeout"],
])("an error that is new (%s) names the period that it is compared with", (isNew, hint) => {
  expect(errorHint({ errorClass: "timeout", isNew }, "the previous 24 h")).toBe(hint);
});
