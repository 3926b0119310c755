import { expect, it } from "vitest";
import { isCurrent } from "./nav";

it.each([
  ["/", "/", true],
  ["/", "/schedules", false],
  ["/schedules", "/schedules", true],
  ["/schedules", "/schedules/0192/edit", true],
  ["/schedules", "/schedules-old", false],
])("%s is current on %s: %s", (href, pathname, expected) => {
  expect(isCurrent(href, pathname)).toBe(expected);
});
