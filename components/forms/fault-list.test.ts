import { expect, it } from "vitest";
import { faultList } from "./fault-list";

it("lists the first message of each field, in the order of the form", () => {
  const errors = {
    body: { type: "custom", message: "Not valid JSON" },
    root: { message: "of no field" },
    headers: [
      undefined,
      { name: { type: "custom", message: "Duplicate header name", ref: { message: "an element" } } },
    ],
    tags: { root: { message: "At most 50 tags" } },
    name: undefined,
    cronExpression: { type: "custom", message: "Enter a cron expression" },
  };
  expect(faultList(errors)).toEqual([
    { field: "tags", label: "Tags", message: "At most 50 tags" },
    { field: "cronExpression", label: "Cron expression", message: "Enter a cron expression" },
    { field: "headers", label: "Headers", message: "Duplicate header name" },
    { field: "body", label: "Payload", message: "Not valid JSON" },
  ]);
});
