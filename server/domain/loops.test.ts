import { expect, it } from "vitest";
import { loopNameOf } from "./loops";

it.each([
  ["promote", "promote"],
  ["record-0", "record"],
  ["rescue-12", "rescue"],
  ["early-trials", "early-trials"],
  ["loop-of-a-newer-release", null],
])("the id %s has the loop name %s", (id, name) => {
  expect(loopNameOf(id)).toBe(name);
});
