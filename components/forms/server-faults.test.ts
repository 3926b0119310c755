import { describe, expect, it } from "vitest";
import { faultText, formFieldOf, otherFaults } from "./server-faults";

describe("an error of the server", () => {
  it.each([
    ["execution_time", "executionTime"],
    ["cron_expression", "cronExpression"],
    ["patch.catch_up.window_seconds", "catchUpWindowSeconds"],
    ["headers.x-trace", "headers"],
    ["tags.3", "tags"],
    ["payload", "body"],
    ["payload.items[2].sku", "body"],
    ["payload[0]", "body"],
    ["body", "body"],
    ["something_else", null],
  ])("in %s is shown at the form field %s", (field, control) => {
    expect(formFieldOf(field)).toBe(control);
  });

  it("is shown apart if the form has no field for it", () => {
    const name = { field: "name", message: "is taken" };
    const other = { field: "something_else", message: "is unknown" };
    expect(otherFaults([name, other])).toEqual([other]);
  });

  it("is shown as a sentence", () => {
    expect(faultText({ field: "name", message: "is taken", expected: "a free name" })).toBe(
      "Is taken; expected a free name",
    );
  });

  it("begins with the path if it is inside the payload", () => {
    const fault = { field: "payload.items[2].sku", message: "must be string", expected: "the schema" };
    expect(faultText(fault)).toBe("payload.items[2].sku: must be string");
  });
});
