import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { timelines } from "./timelines";

test.each(Object.entries(timelines()))("%s is as the recurrence rules draw it (npm run timelines)", (name, svg) => {
  expect(readFileSync(new URL(`../../docs/guide/images/${name}`, import.meta.url), "utf8")).toBe(svg);
});
