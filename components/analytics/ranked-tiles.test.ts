import { expect, it } from "vitest";
import { errorFilter, errorHint } from "./ranked-tiles";

it.each([
  [true, "Not in the previous 24 h · timeout"],
  [false, "timeout"],
])("errorHint of an error whose `isNew` is %s is %j", (isNew, hint) => {
  expect(errorHint({ errorClass: "timeout", isNew }, "the previous 24 h")).toBe(hint);
});

it.each([
  ["connect ECONNREFUSED 10.0.0.7:9092", { error: "timeout", shape: "connect ECONNREFUSED #.#.#.#:#" }],
  ["", { error: "timeout" }],
])("errorFilter of an error with the text %j is %j", (error, filter) => {
  expect(errorFilter({ errorClass: "timeout", error })).toEqual(filter);
});
