import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "./errors";
import { parseInput } from "./parse";
import { fromWire, toWire, wireField } from "./wire";

test("keys are converted at every depth, except the user's own keys", () => {
  const wire = {
    max_retries: 3,
    catch_up: { window_seconds: 5 },
    payload: { user_id: 1 },
    headers: { x_y: "z" },
    tags: ["a_b"],
  };
  const inner = {
    maxRetries: 3,
    catchUp: { windowSeconds: 5 },
    payload: { user_id: 1 },
    headers: { x_y: "z" },
    tags: ["a_b"],
  };
  expect(fromWire(wire)).toEqual(inner);
  expect(toWire(inner)).toEqual(wire);
});

test("a path is named in wire spelling", () => {
  expect(wireField(["items", 3, "catchUp", "windowSeconds"])).toBe("items.3.catch_up.window_seconds");
});

test("bad input is refused with every invalid field in wire spelling, unknown fields included", () => {
  const schema = z.strictObject({ maxRetries: z.int().max(10) });
  try {
    parseInput(schema, { maxRetries: 11, maxRetrys: 1 });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const { code, faults, status } = error as AppError;
    expect({ code, status }).toEqual({ code: "validation_failed", status: 422 });
    expect(faults.map((fault) => fault.field).sort()).toEqual(["max_retries", "max_retrys"]);
  }
});
