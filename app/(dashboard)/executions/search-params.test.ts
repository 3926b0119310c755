import { expect, it } from "vitest";
import {
  executionListInput,
  failureGroupFilter,
  failureGroupParams,
  failuresInput,
  loadExecutionParams,
} from "./search-params";

const NOW = Date.parse("2026-11-24T10:20:30Z");
const inputOf = (query: string) => executionListInput(loadExecutionParams(new URLSearchParams(query)), NOW);

it("requests by default the last 24 hours from a whole minute, without an end", () => {
  expect(inputOf("")).toEqual({ from: "2026-11-23T10:20:00.000Z", limit: 50 });
});

it("requests a fixed range unchanged", () => {
  expect(inputOf("range=2026-11-24T03:00:00.000Z/2026-11-24T04:00:00.000Z")).toMatchObject({
    from: "2026-11-24T03:00:00.000Z",
    to: "2026-11-24T04:00:00.000Z",
  });
});

it("combines all filters", () => {
  expect(
    inputOf(
      "range=1h&status=dead,late&topic=a&trigger=replay&source=admin&schedule=s&error=timeout&shape=no+answer+after+%23&q=+x+&reason=paused&retried=true&correlation=order-7&weekday=1&hour=9&zone=Europe/Berlin",
    ),
  ).toEqual({
    from: "2026-11-24T09:20:00.000Z",
    status: ["dead", "late"],
    topic: ["a"],
    trigger: ["replay"],
    source: ["admin"],
    scheduleId: "s",
    errorClass: "timeout",
    errorShape: "no answer after #",
    reason: "paused",
    retried: true,
    correlationId: "order-7",
    weekday: 1,
    hour: 9,
    timezone: "Europe/Berlin",
    q: "x",
    limit: 50,
  });
});

it("uses the default for an invalid range", () => {
  expect(inputOf("range=yesterday").from).toBe("2026-11-23T10:20:00.000Z");
});

const ALL_FILTERS =
  "view=failures&range=1h&status=late&topic=a&trigger=replay&source=admin&schedule=s&error=timeout&shape=other&q=x&reason=paused&retried=true&correlation=order-7&weekday=1&hour=9&zone=Europe/Berlin";
const GROUP = { errorClass: "publish" as const, shape: "no leader for partition #" };

it("a replay of a failure group has the filters with which the page counts the group", () => {
  const params = loadExecutionParams(new URLSearchParams(ALL_FILTERS));
  expect(failureGroupFilter(GROUP, params, NOW)).toEqual({
    ...failuresInput(params, NOW),
    errorClass: "publish",
    errorShape: "no leader for partition #",
  });
});

it("a failure group with an error class and a shape opens the executions that it counts", () => {
  const params = loadExecutionParams(new URLSearchParams(ALL_FILTERS));
  expect(executionListInput({ ...params, ...failureGroupParams(GROUP) }, NOW)).toEqual({
    ...failureGroupFilter(GROUP, params, NOW),
    status: ["dead"],
    limit: 50,
  });
});
