import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "./errors";
import { parseInput, sparseParser } from "./parse";
import { ScheduleInput } from "./schedule";

const sparse = sparseParser(ScheduleInput);

/** The result of parsing a value: its output, or its faults. */
function outcome(parse: (value: unknown) => unknown, value: unknown) {
  try {
    return { output: parse(value) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { faults: error.faults };
  }
}

const fields = fc.dictionary(
  fc.constantFrom(...Object.keys(ScheduleInput.shape), "unknown", "__proto__"),
  fc.oneof(
    fc.constantFrom<unknown>(
      "orders",
      "2030-01-01T00:00:00Z",
      " x ",
      "",
      "0 8 * * *",
      null,
      true,
      3,
      -1,
      1_900_000_000,
    ),
    fc.constant({ a: 1 }),
    fc.constant(["a"]),
  ),
);

describe("the sparse parser", () => {
  it("gives the result of the full schema for every input", () => {
    fc.assert(
      fc.property(fc.oneof(fields, fc.anything()), (value) => {
        expect(outcome(sparse, value)).toEqual(outcome((input) => parseInput(ScheduleInput, input), value));
      }),
    );
  });

  it("names an unknown field beside known fields", () => {
    expect(outcome(sparse, { topic: "orders", topik: "x" })).toMatchObject({
      faults: [{ field: "topik", message: "is not a known field" }],
    });
  });
});

it.each([
  ["a list", [1]],
  ["a date", new Date(0)],
  ["a map", new Map()],
  ["text", "{}"],
  ["null", null],
])("refuses %s as a payload, and names the field", (_, payload) => {
  expect(() => sparse({ payload })).toThrow("payload: must be a JSON object");
});
