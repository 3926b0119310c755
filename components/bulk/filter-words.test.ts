import { expect, it } from "vitest";
import { filterWords } from "./filter-words";

it.each([
  [{ topic: ["billing.events", "crm.events"] }, ["Topic: billing.events or crm.events"]],
  [{ tag: ["nightly"], failing: true }, ["Tag: nightly", "Failing"]],
  [{ kind: "one_time", enabled: false }, ["Kind: one time", "Enabled: no"]],
  [{ dueBefore: Date.UTC(2026, 10, 29) }, ["Due before: 29 Nov 2026, 00:00:00 UTC"]],
  [{ tag: ["night_shift"], source: "api_request" }, ["Tag: night_shift", "Source: API"]],
  [{ errorClass: "broker_connection", status: ["dead"] }, ["Error class: broker connection", "Status: Dead"]],
  [
    { hour: 9, weekday: 1, from: Date.UTC(2026, 10, 1), correlationId: "order-1" },
    ["Hour: 09", "Weekday: Mon", "From: 1 Nov 2026, 00:00:00 UTC", "Correlation id: order-1"],
  ],
  [{ eventType: "user", eventAction: "remind" }, ["Entity type: user", "Action: remind"]],
  [{ q: "", tag: [], topic: undefined }, []],
  [{ unknownField: "x" }, ["unknownField: x"]],
])("filterWords describes %j", (filter, words) => {
  expect(filterWords(filter, { zone: "UTC", hour12: false })).toEqual(words);
});
