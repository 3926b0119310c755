import { expect, test } from "vitest";
import { Deadline } from "./deadline";

test("fifty queries can listen to the deadline of one request without a warning of Node", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  const { reads } = new Deadline();
  for (let query = 0; query < 50; query += 1) reads.addEventListener("abort", () => {});
  // Warnings are emitted on the next tick.
  await new Promise(setImmediate);
  process.off("warning", note);
  expect(warnings).toEqual([]);
});
