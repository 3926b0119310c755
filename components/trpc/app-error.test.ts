import { expect, it } from "vitest";
import { fieldErrors } from "./app-error";

it("fieldErrors returns the first fault of each field or of its parts, as a sentence", () => {
  const faults = [
    { field: "name", message: "is taken" },
    { field: "rights.2", message: "is not a right" },
    { field: "rights.0", message: "is given twice" },
    { field: "paths[1]", message: "is not a path", expected: "a path such as /items" },
  ];
  const errors = fieldErrors({ data: { appError: { faults } } });
  expect(Object.fromEntries(errors)).toEqual({
    name: "Is taken",
    rights: "Is not a right",
    paths: "Is not a path; expected a path such as /items",
  });
  expect(fieldErrors(new Error("lost")).size).toBe(0);
});
