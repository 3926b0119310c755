import { describe, expect, it } from "vitest";
import { requireOpenFiles } from "./limits.mjs";

describe("the limit of open files", () => {
  it.each([128, 1023])("%i is refused, with the limit and the required number", (allowed) => {
    expect(() => requireOpenFiles(allowed)).toThrow(
      new RegExp(`Only ${allowed} open files .* needs 1024 or more.*ulimit -n 4096`),
    );
  });
  it.each([1024, Number.POSITIVE_INFINITY])("%d is enough", (allowed) => requireOpenFiles(allowed));
});
