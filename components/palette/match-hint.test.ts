import { expect, it } from "vitest";
import { matchHint } from "./match-hint";

const schedule = {
  scheduleId: "s1",
  ...{ name: "billing.payment-reminders", topic: "billing.events", entityType: "invoice", action: "remind" },
  ...{ entityId: null, tags: ["nightly"] },
};

it.each([
  ["is the topic if the name has the words", "Reminders", "billing.events"],
  ["is the topic if the topic has the words", "events", "billing.events"],
  ["names the entity type that has the words", "invoice", "type invoice · billing.events"],
  ["names the tag that has the words", "night", "tag nightly · billing.events"],
  ["is the topic if the field is not known, such as an id", "0198", "billing.events"],
])("matchHint %s", (_, words, expected) => {
  expect(matchHint(schedule, words)).toBe(expected);
});
