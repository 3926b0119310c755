import { describe, expect, it } from "vitest";
import { displayName, tabTitle } from "./display-name";

const scheduleId = "019d4091-9667-7a0a-8489-de933a505217";
const event = { entityType: "invoice", action: "sync" };

describe("the display name", () => {
  it.each([
    ["is the name of a schedule", { name: "Nightly sync", ...event }, "Nightly sync"],
    ["is the name of the schedule, for an execution", { scheduleName: "Nightly sync", ...event }, "Nightly sync"],
    ["is the event of a schedule without a name", { name: null, ...event }, "invoice.sync"],
    ["is the event of an execution without a name", { scheduleName: null, ...event }, "invoice.sync"],
    ["is the event if the name is empty", { name: "", ...event }, "invoice.sync"],
    [
      "is the event and the entity id without a name",
      { name: null, ...event, entityId: "84203" },
      "invoice.sync 84203",
    ],
    ["is the name without the entity id", { name: "Nightly sync", ...event, entityId: "84203" }, "Nightly sync"],
    ["is the event if the entity id is empty", { name: null, ...event, entityId: "" }, "invoice.sync"],
    ["is the end of the id if nothing else is known", { name: null }, "Schedule …3a505217"],
    ["is the end of the id if half of the event is known", { entityType: "invoice" }, "Schedule …3a505217"],
    ["is the end of the id if the event is empty", { entityType: "", action: "" }, "Schedule …3a505217"],
  ])("%s", (_, fields, expected) => {
    expect(displayName({ scheduleId, ...fields })).toBe(expected);
  });

  it("comes after the state in a tab's title", () => {
    expect(tabTitle("Paused", { scheduleId, name: null, ...event })).toBe("Paused · invoice.sync");
  });
});
