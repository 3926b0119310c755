import { expect, test } from "vitest";
import { errorShape } from "./error-shape";

test.each([
  ["connect ECONNREFUSED 10.0.0.7:9092", "connect ECONNREFUSED #.#.#.#:#"],
  ["no topic 019d43ea-578f-7a0a-8489-de933a505217", "no topic #"],
  ["", ""],
  [null, ""],
])("the shape of %j has neither numbers nor ids", (error, shape) => {
  expect(errorShape(error)).toBe(shape);
});

test("a shape is made of the first 200 characters, and a surrogate pair is never cut", () => {
  expect(errorShape("😀".repeat(300))).toBe("😀".repeat(200));
});
