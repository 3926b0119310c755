import { expect, it } from "vitest";
import { analyticsInput, executionsHref, loadAnalyticsParams } from "./search-params";

const params = (query: string) => loadAnalyticsParams(new URLSearchParams(query));

it("requests a relative range by its length in hours, and a fixed range unchanged", () => {
  expect(analyticsInput(params("range=7d&topic=a"))).toEqual({ hours: 168, topic: "a" });
  expect(analyticsInput(params("range=2026-11-24T03:00:00Z/2026-11-24T04:00:00Z"))).toMatchObject({
    from: "2026-11-24T03:00:00.000Z",
    to: "2026-11-24T04:00:00.000Z",
  });
});

it("links to the executions with the same filters and the given status", () => {
  expect(executionsHref(params("range=7d&topic=a&source=admin&schedule=s"), { status: "dead" })).toBe(
    "/executions?range=7d&topic=a&source=admin&schedule=s&status=dead",
  );
});
