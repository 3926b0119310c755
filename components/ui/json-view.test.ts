import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { JsonView } from "./json-view";

it("states the size of the full payload in UTF-8, without the indentation, if it truncates the payload", () => {
  const payload = JSON.stringify(Array.from({ length: 5000 }, () => "ä"));
  const html = renderToStaticMarkup(createElement(JsonView, { value: payload }));
  // Each element takes five bytes: a letter of two bytes, two quotes and a comma.
  expect(html).toContain("The full payload is 25 kB.");
  expect(html).not.toContain(payload);
});
