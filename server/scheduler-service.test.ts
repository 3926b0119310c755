import { describe, expect, it } from "vitest";
import { eventBus, schedulerService } from "./scheduler-service";

/*
 * Invalid input from code is refused as REST refuses it, before any store is used: this test has none.
 */

const EVENT = { topic: "orders", entityType: "order", action: "remind" };
const CIRCLE: Record<string, unknown> = {};
CIRCLE.self = CIRCLE;

const WRONG: [what: string, request: unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["a text", "remind"],
  ["a number", 1],
  ["a list", []],
  ["a date that is none", { ...EVENT, scheduledAt: new Date(Number.NaN) }],
  ["a time that is an object", { ...EVENT, scheduledAt: {} }],
  ["a time that is a BigInt", { ...EVENT, scheduledAt: 1n }],
  ["a date that is none, by name", { name: "n", event: EVENT, payload: {}, executionTime: new Date(Number.NaN) }],
  ["a time that is a flag, by name", { name: "n", event: EVENT, payload: {}, executionTime: true }],
  ["no event, by name", { name: "n", event: null, payload: {}, cronExpression: "* * * * *" }],
  ["a text for an event", { name: "n", event: "remind", payload: {}, cronExpression: "* * * * *" }],
  ["a body that is a number", { ...EVENT, scheduledAt: "2027-06-01T10:00:00Z", body: 5 }],
];

describe("schedulerService", () => {
  it.each(WRONG)("refuses %s with the fault", async (_, request) => {
    const call = schedulerService.scheduleEvent(request as never);
    await expect(call).rejects.toMatchObject({ name: "AppError", code: "validation_failed" });
  });

  it.each([undefined, null, 7, "", {}])("does not look for the id %j", async (id) => {
    await expect(schedulerService.cancelEvent(id as never)).rejects.toMatchObject({ code: "validation_failed" });
  });
});

describe("eventBus", () => {
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "remind"],
    ["no topic", { entityType: "order", action: "remind" }],
    ["a circle", { ...EVENT, payload: CIRCLE }],
    ["a field that it does not know", { ...EVENT, priority: 3 }],
  ])("refuses %s with the fault", async (_, request) => {
    const call = eventBus.publish(request as never);
    await expect(call).rejects.toMatchObject({ name: "AppError", code: "validation_failed" });
  });
});
