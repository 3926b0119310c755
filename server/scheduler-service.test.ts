import { describe, expect, it } from "vitest";
import { eventBus, schedulerService } from "./scheduler-service";

/* Invalid input is refused before a store is used, so these tests have no stores. */

const EVENT = { topic: "orders", entityType: "order", action: "remind" };
const CYCLIC: Record<string, unknown> = {};
CYCLIC.self = CYCLIC;

const INVALID: [what: string, request: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["a string", "remind"],
  ["a number", 1],
  ["a list", []],
  ["an invalid date", { ...EVENT, scheduledAt: new Date(Number.NaN) }],
  ["a time that is an object", { ...EVENT, scheduledAt: {} }],
  ["a time that is a BigInt", { ...EVENT, scheduledAt: 1n }],
  [
    "an invalid date for a named schedule",
    { name: "n", event: EVENT, payload: {}, executionTime: new Date(Number.NaN) },
  ],
  ["a time that is a boolean for a named schedule", { name: "n", event: EVENT, payload: {}, executionTime: true }],
  ["no event for a named schedule", { name: "n", event: null, payload: {}, cronExpression: "* * * * *" }],
  ["an event that is a string", { name: "n", event: "remind", payload: {}, cronExpression: "* * * * *" }],
  ["a body that is a number", { ...EVENT, scheduledAt: "2027-06-01T10:00:00Z", body: 5 }],
];

describe("schedulerService", () => {
  it.each(INVALID)("refuses %s as invalid", async (_, request) => {
    const call = schedulerService.scheduleEvent(request as never);
    await expect(call).rejects.toMatchObject({ name: "AppError", code: "validation_failed" });
  });

  it.each([undefined, null, 7, "", {}])("refuses to cancel the id %j", async (id) => {
    await expect(schedulerService.cancelEvent(id as never)).rejects.toMatchObject({ code: "validation_failed" });
  });
});

describe("eventBus", () => {
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a string", "remind"],
    ["no topic", { entityType: "order", action: "remind" }],
    ["a cyclic payload", { ...EVENT, payload: CYCLIC }],
    ["an unknown field", { ...EVENT, priority: 3 }],
  ])("refuses %s as invalid", async (_, request) => {
    const call = eventBus.publish(request as never);
    await expect(call).rejects.toMatchObject({ name: "AppError", code: "validation_failed" });
  });
});
