import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ChangeList } from "./change-list";

const render = (after: string) =>
  renderToStaticMarkup(
    createElement(ChangeList, { changes: [{ field: "body", label: "Payload", before: "{}", after }] }),
  );

it("shows a value of 2,000 characters in full", () => {
  const html = render("x".repeat(2000));
  expect(html).toContain("x".repeat(2000));
  expect(html).not.toContain("Show all");
});

it('cuts a longer value and offers "Show all"', () => {
  const html = render("x".repeat(2001));
  expect(html).toContain("…");
  expect(html).not.toContain("x".repeat(2001));
  expect(html.match(/Show all/g)).toHaveLength(1);
});
