import { expect, it } from "vitest";
import { matchHint } from "./match-hint";

const schedule = {
  ...{ scheduleId: "0198-a", name: "billing.payment-reminders", topic: "billing.events", entityType: "invoice" },
  ...{ action: "remind", entityId: null, tags: ["nightly"], description: "Dunning letters", correlationId: "order-1" },
};

it.each([
  ["is the topic if the name has the words", "Reminders", "billing.events"],
  ["is the topic if the topic has the words", "events", "billing.events"],
  ["is the topic if the id has the words", "0198", "billing.events"],
  ["names the tag that has the words", "night", "tag nightly · billing.events"],
  ["says that the description has the words", "dunning", "in the description · billing.events"],
  ["names the correlation id that has the words", "order", "correlation id order-1 · billing.events"],
  ["is the topic if no field has the words, because the schedule has changed", "other", "billing.events"],
])("matchHint %s", (_, words, expected) => {
  expect(matchHint(schedule, words)).toBe(expected);
});
