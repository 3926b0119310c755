import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { ExecutionView } from "~/server/domain/views";
import { CurlCard } from "./curl-card";

const WITH_PAYLOAD = "Copy the replay command with a payload";
const render = (contentFrom: ExecutionView["contentFrom"], ended = true) =>
  renderToStaticMarkup(
    createElement(CurlCard, {
      execution: {
        executionId: "e1",
        contentFrom,
        payload: contentFrom === "unknown" ? "null" : "{}",
      } as ExecutionView,
      ended,
    }),
  );

it.each(["recorded", "definition"] as const)("offers a replay with the payload if it is from: %s", (contentFrom) => {
  expect(render(contentFrom)).toContain(WITH_PAYLOAD);
});

it("offers no replay with a payload that is not known", () => {
  const html = render("unknown");
  expect(html).toContain("Copy the replay command");
  expect(html).not.toContain(WITH_PAYLOAD);
});

it("offers no replay of an execution in flight", () => {
  expect(render("recorded", false)).not.toContain("Copy the replay command");
});
