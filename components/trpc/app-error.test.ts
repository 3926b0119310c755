import { expect, it } from "vitest";
import { fieldErrors } from "./app-error";

it("fieldErrors returns the first message of each field, also of its parts", () => {
  const faults = [
    { field: "name", message: "is taken" },
    { field: "rights.2", message: "is not a right" },
    { field: "rights.0", message: "is given twice" },
    { field: "paths[1]", message: "is not a path" },
  ];
  const errors = fieldErrors({ data: { appError: { faults } } });
  expect(Object.fromEntries(errors)).toEqual({ name: "is taken", rights: "is not a right", paths: "is not a path" });
  expect(fieldErrors(new Error("lost")).size).toBe(0);
});
