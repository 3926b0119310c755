import { expect, it } from "vitest";
import { isCurrent, NAV } from "./nav";

it("gives each page its own shortcut key", () => {
  expect(new Set(NAV.map(({ key }) => key)).size).toBe(NAV.length);
});

it.each([
  ["/", "/", true],
  ["/", "/schedules", false],
  ["/schedules", "/schedules", true],
  ["/schedules", "/schedules/0192/edit", true],
  ["/schedules", "/schedules-old", false],
  // Bulk jobs have no link of their own.
  ["/schedules", "/bulk/0192", true],
])("isCurrent of the link %s on the page %s is %s", (href, pathname, expected) => {
  expect(isCurrent(href, pathname)).toBe(expected);
});
