import { expect, it } from "vitest";
import { executionListInput } from "../../executions/search-params";
import { historyParamsOf, loadHistoryParams } from "./search-params";

const NOW = Date.parse("2026-11-24T10:20:30Z");
const inputOf = (query: string) =>
  executionListInput(historyParamsOf(loadHistoryParams(new URLSearchParams(query)), "s1"), NOW);

it("the executions tab requests by default the last 30 days of the schedule", () => {
  expect(inputOf("")).toEqual({ scheduleId: "s1", from: "2026-10-25T10:20:00.000Z", limit: 50 });
});

it("the executions tab combines its filters, and ignores filters of other pages", () => {
  expect(inputOf("range=1h&status=dead&trigger=manual&error=timeout&q=x&sort=lateness&topic=a&schedule=s2")).toEqual({
    scheduleId: "s1",
    from: "2026-11-24T09:20:00.000Z",
    status: ["dead"],
    trigger: ["manual"],
    errorClass: "timeout",
    q: "x",
    sort: "lateness",
    limit: 50,
  });
});
