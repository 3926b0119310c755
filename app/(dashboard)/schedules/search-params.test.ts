import { expect, it } from "vitest";
import { loadScheduleParams, scheduleListInput } from "./search-params";

const inputOf = (query: string) => scheduleListInput(loadScheduleParams(new URLSearchParams(query)));

it("combines all filters", () => {
  expect(
    inputOf(
      "tab=failing&q=+x+&status=active&tag=a,b&topic=t&source=code&tier=redis&owner=team/billing&cron=0+9+*+*+*&zone=UTC",
    ),
  ).toMatchObject({
    ...{ failing: true, q: "x", status: ["active"], tag: ["a", "b"], topic: ["t"], source: ["code"], tier: "redis" },
    ...{ owner: "team/billing", cronExpression: "0 9 * * *", timezone: "UTC" },
  });
});

it("ignores an owner that no document can have", () => {
  expect(inputOf("owner=-").owner).toBeUndefined();
});
