import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { FieldFault } from "~/server/domain/errors";
import { ActionError } from "./load-error";

const errorOf = (...faults: FieldFault[]) => ({
  data: {
    appError: { code: "validation_failed", message: "The server's message", faults, details: {}, requestId: "r1" },
  },
});
const render = (error: unknown, fields?: readonly string[]) =>
  renderToStaticMarkup(createElement(ActionError, { error, fields }));
const name = { field: "name", message: "is taken" };
const prefix = { field: "scope.topic_prefixes.0", message: "must not be empty" };
const role = { field: "role", message: "x is not a role" };

it("shows the server's message, or that the server did not answer", () => {
  expect(render(errorOf(name))).toContain("The server&#x27;s message");
  expect(render(errorOf(), ["name"])).toContain("The server&#x27;s message");
  expect(render(new TypeError("fetch failed"), ["name"])).toContain("The server did not answer");
});

it("shows nothing if fields of the form show all faults", () => {
  expect(render(errorOf(name, prefix), ["name", "scope"])).toBe("");
});

it("shows the faults that no field of the form shows", () => {
  expect(render(errorOf(role), ["name", "scope"])).toContain("The server&#x27;s message");
  const html = render(errorOf(name, role), ["name", "scope"]);
  expect(html).toContain("role: x is not a role");
  expect(html).not.toContain("is taken");
});
