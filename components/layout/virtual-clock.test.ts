import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Strip } from "./virtual-clock";

const textOf = (isConfirmed: boolean) =>
  renderToStaticMarkup(
    createElement(Strip, {
      shownMs: Date.parse("2026-11-29T14:05:00Z"),
      isConfirmed,
      display: { zone: "UTC", hour12: false },
    }),
  ).replaceAll(/<[^>]*>/g, "");

it.each([
  [true, "Virtual time 29 Nov 2026, 14:05:00 UTC. This installation is for tests."],
  [
    false,
    "Unconfirmed virtual time 29 Nov 2026, 14:05:00 UTC. It could not be read from the server. This installation is for tests.",
  ],
])("the strip shows whether the server has confirmed the virtual time: %s", (isConfirmed, text) => {
  expect(textOf(isConfirmed)).toBe(text);
});
