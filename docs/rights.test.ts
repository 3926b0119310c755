import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RIGHTS, RIGHTS_OF_ROLE, ROLES } from "~/server/domain/rights";

const text = readFileSync("docs/reference/rights.md", "utf8");

test("the table gives each role the same rights as the code", () => {
  const rows = text.split("\n").filter((line) => /^\| `\w+:\w+` \|/.test(line));
  const cells = rows.map((row) => row.split("|").map((cell) => cell.trim()));
  const found = cells.map(([, right, , ...roles]) => [right?.replaceAll("`", ""), ...roles.slice(0, ROLES.length)]);
  const expected = RIGHTS.map((right) => [
    right,
    ...ROLES.map((role) => (RIGHTS_OF_ROLE[role].includes(right) ? "yes" : "–")),
  ]);
  expect(found).toEqual(expected);
  expect(text).toContain(`| right | allows | ${ROLES.join(" | ")} |`);
});
